package sample

import (
	"context"
	"database/sql"
	"fmt"
)

func find(db *sql.DB, name string) (*sql.Rows, error) {
	// ruleid: sql-text-built-go
	return db.Query(fmt.Sprintf("SELECT * FROM users WHERE name = '%s'", name))
}

func remove(ctx context.Context, db *sql.DB, name string) {
	// ruleid: sql-text-built-go
	db.ExecContext(ctx, "DELETE FROM users WHERE name = '"+name+"'")
}

func placeholder(db *sql.DB, name string) (*sql.Rows, error) {
	// ok: sql-text-built-go
	return db.Query("SELECT * FROM users WHERE name = $1", name)
}

func elsewhere(db *sql.DB, name string) (*sql.Rows, error) {
	query := fmt.Sprintf("SELECT * FROM users WHERE name = '%s'", name)
	// ruleid: sql-text-built-go
	return db.Query(query)
}

func list(db *sql.DB, marks string, values []any) (*sql.Rows, error) {
	// ok: sql-text-built-go
	return db.Query(fmt.Sprintf("SELECT * FROM users WHERE id IN (%s)", marks), values...)
}

func table(db *sql.DB, name string) (*sql.Rows, error) {
	// ok: sql-text-built-go
	return db.Query(fmt.Sprintf("SELECT * FROM %s WHERE id = $1", name), 7)
}

func number(db *sql.DB, limit int) (*sql.Rows, error) {
	// ok: sql-text-built-go
	return db.Query(fmt.Sprintf("SELECT * FROM users WHERE id > %d", limit))
}
