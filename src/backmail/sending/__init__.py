"""How mails go out: when each is due, who walks through a campaign, and how a delivery reaches its end."""
