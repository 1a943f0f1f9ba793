"""The checks of `hub doctor`: what is looked at, and the sentence for each state of it."""
