"""What is proved beside the password: a code of an app, a recovery code, a passkey. Who needs it, and how."""
