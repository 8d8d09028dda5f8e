package sample

import "net/http"

func login(w http.ResponseWriter, id string) {
	// ruleid: session-cookie-open-go
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Path: "/"})
}

func issue(id string) *http.Cookie {
	// ruleid: session-cookie-open-go
	return &http.Cookie{Name: "auth_token", Value: id, Secure: true}
}

func safe(w http.ResponseWriter, id string) {
	// ok: session-cookie-open-go
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, HttpOnly: true, Secure: true})
}

func theme(w http.ResponseWriter) {
	// ok: session-cookie-open-go
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
}

func sent(r *http.Request, id string) {
	// ok: session-cookie-open-go
	r.AddCookie(&http.Cookie{Name: "session", Value: id})
}
