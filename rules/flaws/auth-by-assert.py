# ruff: noqa
def delete(request, page):
    # ruleid: auth-by-assert
    assert request.user.is_staff
    page.delete()


def login(user, password):
    # ruleid: auth-by-assert
    assert user.check_password(password), "wrong password"
    return session_for(user)


def test_staff(user):
    # ok: auth-by-assert
    assert user.is_staff


def guarded(request, page):
    # ok: auth-by-assert
    if not request.user.is_staff:
        raise PermissionError(page)
    page.delete()


def about_data(page):
    # ok: auth-by-assert
    assert page.title
