/*
 * What the machine can do: two processes, a shared mapping, C11 atomics, no record headers and no library. A bound for the
 * others, not a contender: fixed slots of one size, one sender, one receiver, nobody dies.
 *
 *   limit rtt        <bytes> <seconds>          spinning round trips
 *   limit paced      <bytes> <seconds> <rate>   futex round trips on a schedule
 *   limit throughput <bytes> <seconds>          one way, spinning, a ring of 4 MiB, its tail stored every 4 KiB
 *
 * Prints "trips <nanos> <count>" for each latency found, "rate <messages a second>", "cpu <sender ns> <receiver ns>
 * <elapsed ns>". Payloads are written and verified as the others' are: sequence, and a checksum over every byte.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE 128
#define RING (4L << 20)
#define BATCH 4096
#define SHIFTS 8
#define HEAD_WORDS 3
#define MIX 0x9E3779B97F4A7C15UL
#define SUB_BUCKETS 1024
#define FINISHED UINT64_MAX

typedef struct {
    _Alignas(LINE) _Atomic uint64_t value;
    _Atomic uint32_t bell;
} word_t;

typedef struct {
    word_t ping, pong, tail, head, stop, received, childCpu;
    _Alignas(LINE) unsigned char pingBytes[1 << 16];
    _Alignas(LINE) unsigned char pongBytes[1 << 16];
} shared_t;

static shared_t *s;
static long words;
static uint64_t *template;
static uint64_t sums[SHIFTS];
static uint64_t buckets[64][SUB_BUCKETS];

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000000UL + (uint64_t) t.tv_nsec;
}

static uint64_t cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t) t.tv_sec * 1000000000UL + (uint64_t) t.tv_nsec;
}

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static uint64_t body(const uint64_t *at) {
    uint64_t sum = 0;
    for (long i = 0; i < words - HEAD_WORDS; i++) sum += at[i];
    return sum;
}

static void put(uint64_t *at, uint64_t sequence, uint64_t time) {
    int shift = (int) (sequence & (SHIFTS - 1));
    at[0] = sequence;
    at[1] = time;
    at[2] = ((sequence + 1) * MIX) ^ time ^ sums[shift];
    memcpy(at + HEAD_WORDS, template + shift, (size_t) (words - HEAD_WORDS) * 8);
}

static uint64_t verify(const uint64_t *at, uint64_t sequence) {
    uint64_t time = at[1];
    if (at[0] != sequence || at[2] != (((sequence + 1) * MIX) ^ time ^ body(at + HEAD_WORDS))) {
        fprintf(stderr, "message %lu arrived as %lu, or damaged\n", sequence, at[0]);
        _exit(3);
    }
    return time;
}

static void note(uint64_t nanos) {
    int exponent = nanos < SUB_BUCKETS ? 0 : 54 - __builtin_clzl(nanos);
    buckets[exponent][nanos >> exponent]++;
}

static void futex(_Atomic uint32_t *at, int op, uint32_t value) {
    syscall(SYS_futex, at, op, value, NULL, NULL, 0);
}

/* Waits until the word is not the one seen last. */
static uint64_t await(word_t *word, uint64_t seen, int sleeping) {
    for (;;) {
        uint32_t bell = atomic_load_explicit(&word->bell, memory_order_acquire);
        uint64_t value = atomic_load_explicit(&word->value, memory_order_acquire);
        if (value != seen) return value;
        if (sleeping) futex(&word->bell, FUTEX_WAIT, bell);
        else relax();
    }
}

static void publish(word_t *word, uint64_t value, int sleeping) {
    atomic_store_explicit(&word->value, value, memory_order_release);
    if (sleeping) {
        atomic_fetch_add(&word->bell, 1);
        futex(&word->bell, FUTEX_WAKE, 1);
    }
}

static void answer(int sleeping) {
    uint64_t seen = 0;
    for (;;) {
        uint64_t sequence = await(&s->ping, seen, sleeping);
        if (sequence == FINISHED) return;
        uint64_t time = verify((uint64_t *) s->pingBytes, sequence);
        put((uint64_t *) s->pongBytes, sequence, time);
        publish(&s->pong, sequence, sleeping);
        seen = sequence;
    }
}

static void call(uint64_t sequence, uint64_t time, int sleeping) {
    put((uint64_t *) s->pingBytes, sequence, time);
    publish(&s->ping, sequence, sleeping);
    await(&s->pong, sequence - 1, sleeping);
    note(now() - verify((uint64_t *) s->pongBytes, sequence));
}

static void drain(void) {
    long slots = RING / (words * 8);
    if (slots < 4) slots = 4;
    uint64_t *ring = (uint64_t *) ((unsigned char *) s + sizeof(shared_t));
    uint64_t head = 0;
    for (;;) {
        uint64_t tail = await(&s->tail, head, 0);
        if (tail == FINISHED) return;
        for (; head < tail; head++) {
            verify(ring + (head % (uint64_t) slots) * (uint64_t) words, head);
            if ((head & 63) == 63) atomic_store_explicit(&s->head.value, head + 1, memory_order_release);
        }
        atomic_store_explicit(&s->head.value, head, memory_order_release);
    }
}

/* Messages are handed over in batches, as a bound must not pay for one line more than it has to: each store of the tail takes its line from the reader. */
static uint64_t fill(uint64_t from, uint64_t duration) {
    long slots = RING / (words * 8);
    if (slots < 4) slots = 4;
    uint64_t *ring = (uint64_t *) ((unsigned char *) s + sizeof(shared_t));
    uint64_t batch = words * 8 < BATCH ? (uint64_t) (BATCH / (words * 8)) : 1;
    uint64_t tail = from, published = from, head = from, end = now() + duration;
    for (;;) {
        if (tail - head >= (uint64_t) slots) {
            atomic_store_explicit(&s->tail.value, tail, memory_order_release);
            published = tail;
            while (tail - head >= (uint64_t) slots) {
                head = atomic_load_explicit(&s->head.value, memory_order_acquire);
                if (tail - head >= (uint64_t) slots) relax();
            }
        }
        put(ring + (tail % (uint64_t) slots) * (uint64_t) words, tail, 0);
        tail++;
        if (tail - published >= batch) {
            atomic_store_explicit(&s->tail.value, tail, memory_order_release);
            published = tail;
        }
        if ((tail & 255) == 0 || words > 1000) {
            if (now() >= end) break;
        }
    }
    atomic_store_explicit(&s->tail.value, tail, memory_order_release);
    while (atomic_load_explicit(&s->head.value, memory_order_acquire) < tail) relax();
    return tail;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    int paced = strcmp(argv[1], "paced") == 0, oneWay = strcmp(argv[1], "throughput") == 0;
    words = atol(argv[2]) / 8;
    uint64_t duration = (uint64_t) (atof(argv[3]) * 1e9);
    size_t length = sizeof(shared_t) + (size_t) (RING + 8 * words * 8);
    s = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED || (!oneWay && words * 8 > (1 << 16))) return 2;
    memset((void *) s, 0, length);
    template = malloc((size_t) (words + SHIFTS) * 8);
    for (long i = 0; i < words + SHIFTS; i++) template[i] = (uint64_t) (i + 1) * MIX;
    for (int i = 0; i < SHIFTS; i++) sums[i] = body(template + i);

    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (oneWay) drain();
        else answer(paced);
        _exit(0);
    }
    struct rusage after;
    uint64_t sequence = 1, start, cpuStart;
    double rate = 0;
    if (oneWay) {
        uint64_t sent = fill(0, duration / 2);
        start = now();
        cpuStart = cpu();
        uint64_t end = fill(sent, duration);
        rate = (double) (end - sent) * 1e9 / (double) (now() - start);
    } else {
        uint64_t warm = now() + duration / 4;
        while (now() < warm) { call(sequence, now(), paced); sequence++; }
        memset(buckets, 0, sizeof buckets);
        start = now();
        cpuStart = cpu();
        if (paced) {
            uint64_t interval = (uint64_t) (1e9 / atof(argv[4]));
            for (uint64_t due = start; due < start + duration; due += interval, sequence++) {
                uint64_t begin = due;
                if (now() < due) {
                    struct timespec until = {(time_t) (due / 1000000000UL), (long) (due % 1000000000UL)};
                    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
                    begin = now();
                }
                call(sequence, begin, 1);
            }
        } else {
            while (now() < start + duration) { call(sequence, now(), 0); sequence++; }
        }
    }
    uint64_t elapsed = now() - start, mine = cpu() - cpuStart;
    publish(oneWay ? &s->tail : &s->ping, FINISHED, paced);
    int status = 0;
    waitpid(child, &status, 0);
    getrusage(RUSAGE_CHILDREN, &after);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 3;
    /* The child's time covers its warm-up too: scaled to the time measured. */
    double theirs = ((double) after.ru_utime.tv_sec + (double) after.ru_stime.tv_sec) * 1e9
            + ((double) after.ru_utime.tv_usec + (double) after.ru_stime.tv_usec) * 1e3;
    theirs *= (double) elapsed / ((double) elapsed + (double) duration / (oneWay ? 2 : 4));
    for (int e = 0; e < 64; e++)
        for (int i = 0; i < SUB_BUCKETS; i++)
            if (buckets[e][i] > 0) printf("trips %lu %lu\n", (uint64_t) i << e, buckets[e][i]);
    if (oneWay) printf("rate %.1f\n", rate);
    printf("cpu %lu %.0f %lu\n", mine, theirs, elapsed);
    return 0;
}
