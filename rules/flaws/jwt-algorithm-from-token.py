# ruff: noqa
import jwt


def claims(token, key):
    header = jwt.get_unverified_header(token)
    # ruleid: jwt-algorithm-from-token
    return jwt.decode(token, key, algorithms=[header["alg"]])


def claims_at_once(token, key):
    # ruleid: jwt-algorithm-from-token
    return jwt.decode(token, key, algorithms=jwt.get_unverified_header(token)["alg"])


def fixed(token, keys):
    header = jwt.get_unverified_header(token)
    # ok: jwt-algorithm-from-token
    return jwt.decode(token, keys[header["kid"]], algorithms=["RS256"])


def listed(token, key):
    algorithm = jwt.get_unverified_header(token)["alg"]
    if algorithm not in ("RS256", "ES256"):
        raise ValueError(algorithm)
    # ok: jwt-algorithm-from-token
    return jwt.decode(token, key, algorithms=[algorithm])
