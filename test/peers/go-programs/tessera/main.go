// Tessera's log on POSIX files, as a library in its own process: how many entries it takes in a second, durably.
//
//	tessera DIRECTORY ENTRIES BATCH BYTES
//
// prints entries for each second and microseconds of processor time for each entry.
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	fail(err)
	return value
}

func cpuMicros() int64 {
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano()/1000 + usage.Stime.Nano()/1000
}

func open(ctx context.Context, directory string, batch int) *tessera.Appender {
	key, _, err := note.GenerateKey(rand.Reader, "bench.example/log")
	fail(err)
	signer, err := note.NewSigner(key)
	fail(err)
	driver, err := posix.New(ctx, posix.Config{Path: directory})
	fail(err)
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(time.Second).
		WithBatching(uint(batch), 250*time.Millisecond)
	appender, _, _, err := tessera.NewAppender(ctx, driver, options)
	fail(err)
	return appender
}

func main() {
	if len(os.Args) != 5 {
		fail(fmt.Errorf("usage: tessera DIRECTORY ENTRIES BATCH BYTES"))
	}
	count, batch, size := number(os.Args[2]), number(os.Args[3]), number(os.Args[4])
	ctx := context.Background()
	appender := open(ctx, os.Args[1], batch)
	start, cpu := time.Now(), cpuMicros()
	futures := make([]tessera.IndexFuture, count)
	for i := range futures {
		entry := make([]byte, size)
		binary.BigEndian.PutUint64(entry, uint64(i))
		futures[i] = appender.Add(ctx, tessera.NewEntry(entry))
	}
	for _, future := range futures {
		_, err := future()
		fail(err)
	}
	seconds := time.Since(start).Seconds()
	fmt.Printf("%.0f %.1f\n", float64(count)/seconds, float64(cpuMicros()-cpu)/float64(count))
}
