# ruff: noqa
import os

from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def seal(key, data):
    # ruleid: fixed-iv
    return AES.new(key, AES.MODE_CBC, b"0123456789abcdef").encrypt(data)


def seal_with_zeros(key, data):
    # ruleid: fixed-iv
    return Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor().update(data)


def seal_again(key, data):
    # ruleid: fixed-iv
    return AESGCM(key).encrypt(b"\x00" * 12, data, None)


def fresh(key, data):
    iv = os.urandom(16)
    # ok: fixed-iv
    return iv + AES.new(key, AES.MODE_CBC, iv).encrypt(data)


def drawn(key, data):
    nonce = os.urandom(12)
    # ok: fixed-iv
    return nonce + AESGCM(key).encrypt(nonce, data, None)
