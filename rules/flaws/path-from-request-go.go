package sample

import (
	"net/http"
	"os"
	"path/filepath"
)

func read(w http.ResponseWriter, r *http.Request) {
	// ruleid: path-from-request-go
	data, _ := os.ReadFile(filepath.Join(root, r.URL.Query().Get("name")))
	w.Write(data)
}

func send(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	// ruleid: path-from-request-go
	http.ServeFile(w, r, root+"/"+name)
}

func lastPart(w http.ResponseWriter, r *http.Request) {
	// ok: path-from-request-go
	http.ServeFile(w, r, filepath.Join(root, filepath.Base(r.PathValue("name"))))
}

func local(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !filepath.IsLocal(name) {
		return
	}
	// ok: path-from-request-go
	os.Remove(filepath.Join(root, name))
}

func constant(w http.ResponseWriter, r *http.Request) {
	// ok: path-from-request-go
	http.ServeFile(w, r, "index.html")
}
