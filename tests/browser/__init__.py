"""Pages as people meet them: a real browser on the running application."""
