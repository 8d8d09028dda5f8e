package sample

import (
	"database/sql"
	"fmt"
	"net/http"
	"strconv"
)

func find(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	query := fmt.Sprintf("SELECT * FROM pages WHERE title = '%s'", r.FormValue("title"))
	// ruleid: sql-from-request-go
	db.Query(query)
}

func ordered(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	// ruleid: sql-from-request-go
	db.QueryContext(r.Context(), "SELECT * FROM pages ORDER BY "+r.URL.Query().Get("order"))
}

func placeholder(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	// ok: sql-from-request-go
	db.Query("SELECT * FROM pages WHERE title = $1", r.FormValue("title"))
}

func withContext(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	// ok: sql-from-request-go
	db.QueryContext(r.Context(), "SELECT * FROM pages WHERE title = $1", r.FormValue("title"))
}

func number(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	// ok: sql-from-request-go
	db.Query(fmt.Sprintf("SELECT * FROM pages LIMIT %d", limit))
}
