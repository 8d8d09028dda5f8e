# ruff: noqa
import os

# ruleid: signing-key-with-default
SECRET_KEY = os.environ.get("SECRET_KEY", "dev-secret-key")
# ruleid: signing-key-with-default
JWT_SECRET = os.getenv("JWT_SECRET") or "supersecret"
# ruleid: signing-key-with-default
SESSION = os.getenv("APP_SESSION_SECRET", "changeme")

# ok: signing-key-with-default
REQUIRED = os.environ["SECRET_KEY"]
# ok: signing-key-with-default
EMPTY = os.environ.get("SECRET_KEY", "")
# ok: signing-key-with-default
NAME = os.environ.get("SERVICE_NAME", "api")
# ok: signing-key-with-default
FILE = os.environ.get("PRIVATE_KEY", "/run/secrets/key.pem")
