package sample

import (
	"net/http"
	"os"
	"text/template"
)

var page = template.Must(template.ParseFiles("page.html"))

func hello(w http.ResponseWriter, r *http.Request) {
	// ruleid: text-template-for-page-go
	page.Execute(w, r.FormValue("name"))
}

type site struct{ pages *template.Template }

func (s *site) hello(w http.ResponseWriter, r *http.Request) {
	// ruleid: text-template-for-page-go
	s.pages.ExecuteTemplate(w, "hello", r.FormValue("name"))
}

func report(name string) {
	// ok: text-template-for-page-go
	page.Execute(os.Stdout, name)
}

func saved(w http.ResponseWriter, r *http.Request, file *os.File) {
	// ok: text-template-for-page-go
	page.Execute(file, r.FormValue("name"))
}
