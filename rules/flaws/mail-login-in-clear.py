# ruff: noqa
import smtplib


def send(host, name, password, message):
    # ruleid: mail-login-in-clear
    server = smtplib.SMTP(host, 25)
    server.login(name, password)
    server.send_message(message)


def send_with(host, name, password, message):
    # ruleid: mail-login-in-clear
    with smtplib.SMTP(host) as server:
        server.ehlo()
        server.login(name, password)
        server.send_message(message)


def encrypted(host, name, password, message):
    # ok: mail-login-in-clear
    with smtplib.SMTP(host, 587) as server:
        server.starttls()
        server.login(name, password)
        server.send_message(message)


def where_wanted(host, name, password, tls):
    # ok: mail-login-in-clear
    server = smtplib.SMTP(host)
    if tls:
        server.starttls()
    server.login(name, password)


def from_the_start(host, name, password):
    # ok: mail-login-in-clear
    server = smtplib.SMTP_SSL(host)
    server.login(name, password)
