"""The portal and the API: doors that translate, never decide."""
