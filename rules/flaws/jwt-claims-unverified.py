# ruff: noqa
from jose import jwt


def user(token):
    # ruleid: jwt-claims-unverified
    return jwt.get_unverified_claims(token)["sub"]


def is_admin(request):
    # ruleid: jwt-claims-unverified
    claims = jwt.get_unverified_claims(request.headers["Authorization"][7:])
    return claims.get("admin")


def checked(token, keys):
    # ok: jwt-claims-unverified
    issuer = jwt.get_unverified_claims(token)["iss"]
    return jwt.decode(token, keys[issuer], algorithms=["RS256"], issuer=issuer)


def decoded(token, key):
    # ok: jwt-claims-unverified
    return jwt.decode(token, key, algorithms=["RS256"])
