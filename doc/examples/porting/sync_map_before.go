// SPDX-License-Identifier: 0BSD
// SPDX-FileCopyrightText: 2026 The rcumap authors

// Counters of page hits in a sync.Map: made on the first hit, taken out when a page is retired,
// listed at the end. sync_map_after.c does the same in an rcumap; doc/porting/sync-map.md explains
// it. For Go 1.19 and later: go run sync_map_before.go
package main

import (
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
)

const (
	workers = 4
	pages   = 10
	hits    = 1000 // of each worker
)

type counter struct {
	hits int64 // atomic
}

var counters sync.Map // path -> *counter

func hit(path string) {
	found, ok := counters.Load(path)
	if !ok {
		found, _ = counters.LoadOrStore(path, new(counter))
	}
	atomic.AddInt64(&found.(*counter).hits, 1)
}

func worker() {
	for i := 0; i < hits; i++ {
		hit(fmt.Sprintf("/page%d", i*i%pages))
	}
}

// Takes a page out and tells its hits; false if it has none.
func retire(path string) (int64, bool) {
	found, ok := counters.LoadAndDelete(path)
	if !ok {
		return 0, false
	}
	return atomic.LoadInt64(&found.(*counter).hits), true
}

type line struct {
	path string
	hits int64
}

// A copy of all, sorted by path.
func report() []line {
	var lines []line
	counters.Range(func(path, found any) bool {
		lines = append(lines, line{path.(string), atomic.LoadInt64(&found.(*counter).hits)})
		return true
	})
	sort.Slice(lines, func(i, j int) bool { return lines[i].path < lines[j].path })
	return lines
}

func main() {
	var group sync.WaitGroup
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			worker()
		}()
	}
	group.Wait()

	for _, path := range []string{"/page5", "/page7"} {
		if n, ok := retire(path); ok {
			fmt.Printf("%s retired with %d hits\n", path, n)
		} else {
			fmt.Printf("%s has no hits\n", path)
		}
	}
	for _, l := range report() {
		fmt.Printf("%s: %d\n", l.path, l.hits)
	}
}
