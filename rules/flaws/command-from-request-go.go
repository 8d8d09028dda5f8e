package sample

import (
	"net/http"
	"os/exec"
)

func convert(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: command-from-request-go
	exec.Command("sh", "-c", "convert "+name+" out.png").Run()
}

func tool(w http.ResponseWriter, r *http.Request) {
	// ruleid: command-from-request-go
	out, _ := exec.CommandContext(r.Context(), r.URL.Query().Get("tool"), "--version").Output()
	w.Write(out)
}

func argument(w http.ResponseWriter, r *http.Request) {
	// ok: command-from-request-go
	exec.Command("convert", "--", r.FormValue("name"), "out.png").Run()
}

func listed(w http.ResponseWriter, r *http.Request) {
	tool := r.URL.Query().Get("tool")
	if !tools[tool] {
		return
	}
	// ok: command-from-request-go
	exec.Command(tool, "--version").Run()
}
