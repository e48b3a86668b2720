/* A poll loop that goes to sleep, and two threads that bring work and wake it: SYNC B2. The loop sleeps without a time limit, so a lost wake-up is a
   deadlock here.

   Each of these must fail:
   NOCAS      the sleeper says ASLEEP without looking whether it was notified
   WAKEFIRST  the waker wakes before it has stored its work
   NORING     the waker says NOTIFIED and does not ring */
#define AWAKE 0
#define ASLEEP 1
#define NOTIFIED 2
#define ROUNDS 2

byte state = AWAKE;
bool rung;                                      /* the doorbell remembers a ring */
byte work, done;

inline wake() {
    if
    :: state != NOTIFIED ->
        atomic { old = state; state = NOTIFIED };
        if
#ifndef NORING
        :: old == ASLEEP -> rung = true
#endif
        :: else
        fi
    :: else
    fi
}

proctype Waker() {
    byte old, round = 0;
    do
    :: round == ROUNDS -> break
    :: round < ROUNDS ->
        round++;
#ifdef WAKEFIRST
        wake();
        atomic { work++ }
#else
        atomic { work++ };
        wake()
#endif
    od
}

proctype Loop() {
    bool slept;
    do
    :: done == 2 * ROUNDS -> break
    :: else ->
        if
        :: done < work -> done++                /* a pass that finds work */
        :: else ->                              /* one that finds none: sleep */
#ifdef NOCAS
            state = ASLEEP; slept = true;
#else
            atomic {
                if
                :: state == AWAKE -> state = ASLEEP; slept = true
                :: else -> slept = false
                fi
            };
#endif
            if
            :: slept -> atomic { rung -> rung = false }
            :: else
            fi;
            state = AWAKE
        fi
    od
}

init {
    atomic { run Waker(); run Waker(); run Loop() }
}
