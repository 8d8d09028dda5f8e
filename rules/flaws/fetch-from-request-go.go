package sample

import (
	"net/http"
	"net/url"
)

func proxy(w http.ResponseWriter, r *http.Request) {
	// ruleid: fetch-from-request-go
	answer, err := http.Get(r.URL.Query().Get("url"))
	relay(w, answer, err)
}

func hook(w http.ResponseWriter, r *http.Request) {
	target := r.FormValue("callback")
	// ruleid: fetch-from-request-go
	request, err := http.NewRequest("POST", target, nil)
	send(request, err)
}

func fixed(w http.ResponseWriter, r *http.Request) {
	// ok: fetch-from-request-go
	answer, err := http.Get("https://api.example/users/" + url.PathEscape(r.PathValue("id")))
	relay(w, answer, err)
}

func listed(w http.ResponseWriter, r *http.Request) {
	target := r.FormValue("callback")
	if !isAllowedHost(target) {
		return
	}
	// ok: fetch-from-request-go
	http.Get(target)
}
