package sample

import (
	"net/http"
	_ "net/http/pprof"
)

func serve() {
	// ruleid: profiler-served-go
	http.ListenAndServe(":8080", nil)
}

func serveEverywhere() {
	// ruleid: profiler-served-go
	http.ListenAndServe("0.0.0.0:8080", http.DefaultServeMux)
}

func profile() {
	// ok: profiler-served-go
	http.ListenAndServe("localhost:6060", nil)
}

func serveOwn(mux *http.ServeMux) {
	// ok: profiler-served-go
	http.ListenAndServe(":8080", mux)
}
