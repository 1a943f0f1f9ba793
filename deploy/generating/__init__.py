"""From schemas to code: pure functions, text in and text out. The shell is `deploy.generate`."""
