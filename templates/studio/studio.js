/* The studio works without this. With it a page follows the files, frames are as high as their mails, and keys work. */
"use strict";

const page = () => document.getElementById("page");
const status = document.getElementById("status");
const say = (text, away = false) => {
  status.textContent = text;
  document.body.classList.toggle("away", away);
};

/* Frames: as high as the mail in them, so that the page scrolls and not the frame; small pictures stay as they are. */
const fit = (frame) => {
  const inner = frame.contentDocument;
  if (!inner?.body || !frame.classList.contains("mail")) return;
  frame.setAttribute("tabindex", "-1"); // nothing in it is to be scrolled by keys
  const root = inner.documentElement; // lower than the frame, it says so itself; the frame is never made low to find out
  const high = root.scrollHeight > frame.clientHeight ? root.scrollHeight : Math.ceil(root.getBoundingClientRect().height);
  frame.style.height = `${Math.min(Math.max(high, 240), 30000)}px`;
};
const loaded = new WeakSet();
const frames = () => {
  for (const frame of document.querySelectorAll("iframe[data-src]")) {
    const { src } = frame.dataset;
    if (!loaded.has(frame)) {
      loaded.add(frame);
      frame.shown = src;
      frame.addEventListener("load", () => {
        fit(frame);
        if (frame.contentDocument?.body?.className === "told") frame.scrollIntoView({ block: "nearest" });
        painted(frame);
      });
    }
    // Replaced, and not set: going back is for pages, not for each save.
    if (frame.shown !== src) {
      frame.shown = src;
      frame.changed = true;
      frame.contentWindow.location.replace(src);
    } else fit(frame);
  }
};

/* What was saved: when it was heard of, and when it was there to be seen. */
let heard = 0;
const painted = (frame) => {
  if (!frame.changed) return;
  frame.changed = false;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark("backmail:painted");
    shown();
  }));
};
const shown = () => {
  if (!heard) return;
  const time = new Date().toLocaleTimeString("en-GB");
  say(`Saved ${time}, shown in ${Math.round(performance.now() - heard)} ms`);
  heard = 0;
};

/* One at a time; what changes meanwhile is asked for afterwards. Fields that somebody types in are left alone. */
let asking = false, again = false;
const renew = async () => {
  if (asking) { again = true; return; }
  asking = true;
  try {
    await htmx.ajax("GET", location.href, { source: page(), target: "#page", select: "#page", swap: "outerMorph" });
    frames();
    if (![...document.querySelectorAll("iframe")].some((frame) => frame.changed)) shown();
  } finally {
    asking = false;
    if (again) { again = false; renew(); }
  }
};
document.addEventListener("input", (event) => event.target.form?.setAttribute("hx-morph-skip", ""));
/* What somebody typed, or could not save, is not taken away by a page without these fields, nor any page by an answer that is
   none. (Within texts a quotation mark is written otherwise.) */
document.addEventListener("htmx:before:swap", (event) => {
  const { text } = event.detail.ctx;
  const fields = document.querySelector("#fields[hx-morph-skip]"), copy = document.getElementById("typed");
  const typed = copy || (fields && !text.includes('id="fields"'));
  if (!typed && text.includes('id="page"')) return;
  event.preventDefault();
  heard = 0;
  if (typed) say("What you typed stays here. This page shows nothing new meanwhile", true);
  else say("This page could not be made anew: look where backmail preview runs, then reload it", true);
});
/* Back, within one page: what was typed stays, too. */
document.addEventListener("htmx:before:history:restore", (event) => { event.preventDefault(); renew(); });
document.addEventListener("htmx:after:swap", () => { frames(); close(); });

/* The studio tells what changed. */
let run = "", events;
const ours = (campaign) => !page().dataset.campaign || page().dataset.campaign === campaign;
const acts = {
  now: (now) => {
    say("Shows what you save");
    const { campaign, version } = page().dataset;
    if ((run && run !== now.run) || (campaign && now.campaigns[campaign] !== Number(version))) renew();
    run = now.run;
  },
  changed: ({ campaign }) => { if (ours(campaign)) { heard = performance.now(); renew(); } },
  checked: ({ campaign }) => { if (ours(campaign)) renew(); },
};
const listen = () => {
  events?.close();
  events = new EventSource("/studio/events");
  for (const name in acts) events.addEventListener(name, (event) => acts[name](JSON.parse(event.data)));
  events.addEventListener("error", () => say("Waiting for the studio: is backmail preview running?", true));
};
listen();
/* A browser has six connections for all pages of the studio together: one that nobody sees holds none. */
document.addEventListener("visibilitychange", () => { if (document.hidden) events.close(); else listen(); });
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); }); // back to a page, and to what was typed

/* Menus close when something else is pressed. */
const close = (but) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== but) menu.open = false; });
document.addEventListener("click", (event) => close(event.target.closest("details.menu")));

/* Keys: off while somebody types, with another key held, or for good. */
const dialog = document.getElementById("keys"), switched = document.getElementById("keys-on");
const help = document.getElementById("help");
switched.checked = localStorage.getItem("keys") !== "off";
switched.addEventListener("change", () => localStorage.setItem("keys", switched.checked ? "on" : "off"));
help.hidden = false;
help.addEventListener("click", () => dialog.showModal());
const press = (selector) => document.querySelector(selector)?.click();
const turn = (name) => {
  const links = [...document.querySelectorAll(`#choice-${name} a`)];
  links[(links.findIndex((link) => link.ariaCurrent) + 1) % links.length]?.click();
};
const screens = { s: "#tab-sequence", i: "#tab-inbox", c: "#tab-checks", o: "#tab-outline" };
const keys = {
  j: () => press("#go-next"), k: () => press("#go-before"), w: () => turn("width"), d: () => turn("look"),
  i: () => turn("pictures"), e: () => press("#edit"), "?": () => dialog.showModal(),
};
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
  if (typing || !switched.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (going && screens[event.key]) press(screens[event.key]);
  else if (/^[1-5]$/.test(event.key)) press(`.views [data-key="${event.key}"]`);
  else keys[event.key]?.();
  going = event.key === "g";
});

/* Outline: a block and its place in the plan are shown together. */
const near = (event) => {
  const { block } = event.target.closest?.("[data-block]")?.dataset ?? {};
  for (const one of document.querySelectorAll("[data-block]")) one.classList.toggle("near", one.dataset.block === block);
};
document.addEventListener("mouseover", near);
document.addEventListener("focusin", near);

/* Fields: how long a line is, while it is typed. */
document.addEventListener("input", ({ target }) => {
  const told = document.getElementById(target.dataset?.count)?.querySelector(".count-of");
  if (!told) return;
  const length = [...target.value].length, most = Number(told.dataset.most);
  told.textContent = `${length} of ${most} characters`;
  told.classList.toggle("over", length > most);
});

addEventListener("resize", frames);
frames();
