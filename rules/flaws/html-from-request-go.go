package sample

import (
	"fmt"
	"html"
	"html/template"
	"net/http"
)

func hello(w http.ResponseWriter, r *http.Request) {
	// ruleid: html-from-request-go
	fmt.Fprintf(w, "<h1>Hello %s</h1>", r.FormValue("name"))
}

func note(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("note")
	// ruleid: html-from-request-go
	page.Execute(w, template.HTML("<b>"+text+"</b>"))
}

func escaped(w http.ResponseWriter, r *http.Request) {
	// ok: html-from-request-go
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(r.FormValue("name")))
}

func plain(w http.ResponseWriter, r *http.Request) {
	// ok: html-from-request-go
	page.Execute(w, r.FormValue("name"))
}
