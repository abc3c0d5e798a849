// Checks what Lethe exports with code that Lethe's authors did not write: golang.org/x/mod/sumdb, which Go itself verifies modules with.
//
//	verify <log.vkey> inclusion   <entry> <file.tlog-proof>
//	verify <log.vkey> consistency <older.note> <file.tlog-consistency>
//
// Only the lines around the hashes are read here; notes, signatures, hashes and proofs are judged by the packages note and tlog.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 5 {
		fail(fmt.Errorf("expected a key, what to check, and two files"))
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(os.Args[1]))))
	fail(err)
	first := read(os.Args[3])
	head, signed, found := strings.Cut(string(read(os.Args[4])), "\n\n")
	if !found {
		fail(fmt.Errorf("no empty line"))
	}
	lines := strings.Split(head, "\n")
	size, root := open(signed, verifier)
	switch os.Args[2] {
	case "inclusion":
		if lines[0] != "c2sp.org/tlog-proof@v1" {
			fail(fmt.Errorf("header %q", lines[0]))
		}
		index := number(lines[1], "index ")
		fail(tlog.CheckRecord(tlog.RecordProof(hashes(lines[2:])), size, root, index, tlog.RecordHash(first)))
		fmt.Printf("event %d is in the log of %d\n", index, size)
	case "consistency":
		oldSize, oldRoot := open(string(first), verifier)
		if number(lines[0], "old ") != oldSize {
			fail(fmt.Errorf("the proof is about another size"))
		}
		fail(tlog.CheckTree(tlog.TreeProof(hashes(lines[1:])), size, root, oldSize, oldRoot))
		fmt.Printf("the log of %d is the beginning of the log of %d\n", oldSize, size)
	default:
		fail(fmt.Errorf("unknown check %q", os.Args[2]))
	}
}

// open gives size and root of a checkpoint signed by the key.
func open(signed string, verifier note.Verifier) (int64, tlog.Hash) {
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	fail(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		fail(fmt.Errorf("a checkpoint of another log, or none"))
	}
	return number(lines[1], ""), hash(lines[2])
}

func hashes(lines []string) []tlog.Hash {
	found := make([]tlog.Hash, 0, len(lines))
	for _, line := range lines {
		found = append(found, hash(line))
	}
	return found
}

func hash(text string) (found tlog.Hash) {
	raw, err := base64.StdEncoding.DecodeString(text)
	fail(err)
	if copy(found[:], raw) != tlog.HashSize || len(raw) != tlog.HashSize {
		fail(fmt.Errorf("a hash of %d bytes", len(raw)))
	}
	return found
}

func number(line, prefix string) int64 {
	digits, found := strings.CutPrefix(line, prefix)
	parsed, err := strconv.ParseInt(digits, 10, 64)
	if !found || err != nil {
		fail(fmt.Errorf("expected %q and a number", prefix))
	}
	return parsed
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	fail(err)
	return content
}

func fail(err error) {
	if err != nil {
		fmt.Println("wrong:", err)
		os.Exit(1)
	}
}
