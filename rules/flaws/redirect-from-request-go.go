package sample

import "net/http"

func after(w http.ResponseWriter, r *http.Request) {
	// ruleid: redirect-from-request-go
	http.Redirect(w, r, r.URL.Query().Get("next"), http.StatusFound)
}

func back(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("return_to")
	// ruleid: redirect-from-request-go
	w.Header().Set("Location", to)
	w.WriteHeader(302)
}

func own(w http.ResponseWriter, r *http.Request) {
	// ok: redirect-from-request-go
	http.Redirect(w, r, "/orders/"+r.PathValue("id"), http.StatusFound)
}

func checked(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("return_to")
	if !isLocalPath(to) {
		to = "/"
	}
	// ok: redirect-from-request-go
	http.Redirect(w, r, to, http.StatusFound)
}
