"""Pages of this app: signing in, the own account, people and roles, support, and the personas of the demo."""
