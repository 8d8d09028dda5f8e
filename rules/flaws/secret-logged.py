# ruff: noqa
import logging

log = logging.getLogger(__name__)


def connect(host, password):
    # ruleid: secret-logged
    log.debug("connecting to %s with %s", host, password)


def call(settings):
    # ruleid: secret-logged
    logging.info(f"using {settings.api_key}")


def named(host, user):
    # ok: secret-logged
    log.debug("connecting to %s as %s", host, user)


def about(password):
    # ok: secret-logged
    log.info("password is set: %s", bool(password))


def kind(token_type):
    # ok: secret-logged
    log.info("token of type %s", token_type)
