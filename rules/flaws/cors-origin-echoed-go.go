package sample

import "net/http"

func allow(w http.ResponseWriter, r *http.Request) {
	// ruleid: cors-origin-echoed-go
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func allowAny(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	// ruleid: cors-origin-echoed-go
	w.Header().Set("Access-Control-Allow-Origin", origin)
}

func listed(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if !origins[origin] {
		return
	}
	// ok: cors-origin-echoed-go
	w.Header().Set("Access-Control-Allow-Origin", origin)
}

func constant(w http.ResponseWriter, r *http.Request) {
	// ok: cors-origin-echoed-go
	w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
}
