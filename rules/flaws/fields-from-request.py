# ruff: noqa
from flask import request


def create():
    # ruleid: fields-from-request
    return User.objects.create(**request.json)


def change(user):
    for name, value in request.json.items():
        # ruleid: fields-from-request
        setattr(user, name, value)
    user.save()


def search(self):
    # ruleid: fields-from-request
    return User.objects.filter(**self.request.GET.dict())


def named():
    # ok: fields-from-request
    return User.objects.create(name=request.json["name"])


def listed(user):
    for name, value in request.json.items():
        if name in ("name", "email"):
            # ok: fields-from-request
            setattr(user, name, value)


def checked(user, form):
    for name, value in form.cleaned_data.items():
        # ok: fields-from-request
        setattr(user, name, value)
