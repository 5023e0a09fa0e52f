"""Two workers and a third hand on the same rows, in every order in which their steps can fall, on both databases."""
