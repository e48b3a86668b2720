/* A publisher that waits for its slowest subscriber and, after its patience, evicts it and goes on; two subscribers that copy; and a third one, which takes the first
   slot that becomes free: SYNC O1, R2, R7, R8. The ring holds C records of two words; each word is the number of its message. The publisher's plain stores may pass one
   another and whatever is not fenced off, as in lap.pml; all else is sequentially consistent: what fences a join needs is in join.pml, what reapers do is in slot.pml. A try
   to publish asks for room for one record or for two (a message behind padding), and may be given up for another one. The patience may end whenever two looks in a row found
   no more room. The first subscriber may stall at any step until nobody else can do anything; the second one may be cancelled before it has read.

   What is asserted: what a subscriber believes is the message due, so what it gets has no gap, and no word of another lap; who finds its record gone has been evicted;
   nobody but who is in a slot stores into its cursor, or frees it; when all but a stalled subscriber have come to rest, all is published, and the others have gone; after an
   eviction nobody is in the way but who has just joined, or has a patience of its own yet. Who is evicted, if it has confirmed, had still left too little room when the patience ended; it may make some
   between the publisher's look and the CAS, which is too late. And it had been in the way, without a move, since the patience began.

   It also passes with -DC=3 -DN=5.

   Each of these takes one precaution away, and must fail:
   FREEONEVICT   the publisher frees the slot instead of marking it EVICTED
   NOLOOK        the reader believes its copy without a look at the intent
   INPLACE       the reader looks, and then uses the words where they stand, as one does who is waited for
   NOTOLD        who was evicted goes on from where the ring is now
   LATEINTENT    the bytes may pass the intent that announces them
   LATEMARK      the publisher says that it goes on before it marks the slot EVICTED
   EARLYRELEASE  the cursor passes a record before it was copied
   NOSCAN        the publisher does not take the limit anew, as if nobody were left
   STALELOOK     it evicts whom it found behind before the patience ended, without another look at the cursor
   NOGEN         the publisher's CAS compares the state only
   TOGETHER      whoever is in the way is evicted with the slowest, also if it has moved, or was in nobody's way when the patience began
   NOEVICT       the publisher only waits */
#ifndef C
#define C 2
#endif
#ifndef N
#define N 4                                     /* messages */
#endif
#define SLOTS 2

#define FREE 0
#define JOINING 1
#define ACTIVE 2
#define EVICTED 3
#define NOBODY 3

/* shared memory */
byte first[C];                                  /* a record's two words: the message that they are of */
byte second[C];
byte stamp[C];                                  /* message + 1 */
byte tail;
byte intent = C;
byte state[SLOTS];                              /* the word, and */
byte generation[SLOTS];
byte cursor[SLOTS];

/* what an observer of all processes knows */
byte owner[SLOTS];
bool confirmed[SLOTS];
bool held[SLOTS];                               /* had left too little room when the patience began, and has not moved since */
bool late[SLOTS];                               /* had left too little room when the patience ended */
bool ended;                                     /* the patience has */
bool stalled;
byte gone;

#ifdef NOGEN
#define SAME(k, s, g) (state[k] == (s))
#else
#define SAME(k, s, g) (state[k] == (s) && generation[k] == (g))
#endif
#ifdef LATEMARK
bool doomed[SLOTS];
#define GATES(k) (state[k] == ACTIVE && !doomed[k])
#else
#define GATES(k) (state[k] == ACTIVE)
#endif

#define POSSIBLE(c) ((c) <= position && (c) + C >= position)
#define BEHIND(c) ((c) + C < position + least)
#ifdef TOGETHER
#define UNMOVED(c) true
#else
#define UNMOVED(c) ((c) + C <= blockedLimit)
#endif
#ifdef STALELOOK
#define LOOK(k) seen[k]
#else
#define LOOK(k) cursor[k]
#endif

inline mark(k) {
    assert(!confirmed[k] || late[k]);
    assert(!confirmed[k] || held[k]);
#ifdef FREEONEVICT
    state[k] = FREE
#else
    state[k] = EVICTED
#endif
}

proctype Publisher() {
    byte position, limit = C, least, lowest, k, g;
    byte blockedLimit;
    bool blocked, tried, f, s, i;
#ifdef STALELOOK
    byte seen[SLOTS];
#endif

try:
    if
    :: atomic { position == N } goto done
    :: atomic { position < N -> least = 1; tried = false }
    :: atomic { position + 2 <= N -> least = 2; tried = false }
    fi;
    if
    :: atomic { position + least <= limit } goto write
    :: atomic { position + least > limit }
    fi;

scan:
    atomic { lowest = position; k = 0 };
    do
    :: atomic { k < SLOTS && !GATES(k) -> k++ }
    :: atomic { k < SLOTS && GATES(k) -> g = generation[k] };           /* the word, then its cursor */
       if
       :: atomic { POSSIBLE(cursor[k]) ->
              if
              :: cursor[k] < lowest -> lowest = cursor[k]
              :: else
              fi;
#ifdef STALELOOK
              seen[k] = cursor[k];
#endif
              k++; g = 0 }
       :: atomic { !POSSIBLE(cursor[k]) };
          atomic {                              /* no reader's: only of one that has yet to confirm */
              if
              :: SAME(k, ACTIVE, g) -> assert(!confirmed[k]); state[k] = EVICTED
              :: else
              fi;
              g = 0 }
       fi
    :: atomic { k == SLOTS -> k = 0; limit = lowest + C; lowest = 0 } break
    od;

    if
    :: atomic { position + least <= limit -> blocked = false; blockedLimit = 0; held[0] = false; held[1] = false }
    :: atomic { position + least > limit && tried ->
           assert(!GATES(0) || !BEHIND(cursor[0]) || !UNMOVED(cursor[0]) || owner[0] == SLOTS);
           assert(!GATES(1) || !BEHIND(cursor[1]) || !UNMOVED(cursor[1]) || owner[1] == SLOTS) }
    :: atomic { position + least > limit && !tried && (!blocked || limit > blockedLimit) ->
           blocked = true; blockedLimit = limit;
           held[0] = (GATES(0) && BEHIND(cursor[0])); held[1] = (GATES(1) && BEHIND(cursor[1])) }
#ifndef NOEVICT
    :: atomic { position + least > limit && !tried && blocked && limit <= blockedLimit ->
           ended = true; late[0] = (GATES(0) && BEHIND(cursor[0])); late[1] = (GATES(1) && BEHIND(cursor[1])) } goto evict
#endif
    fi;

raise:
#ifndef LATEINTENT
    if
    :: atomic { limit > intent -> intent = limit }                      /* and the fence */
    :: atomic { limit <= intent }
    fi;
#endif
#ifdef LATEMARK
    atomic {
        if
        :: doomed[0] && state[0] == ACTIVE -> state[0] = EVICTED
        :: else
        fi;
        if
        :: doomed[1] && state[1] == ACTIVE -> state[1] = EVICTED
        :: else
        fi;
        doomed[0] = false; doomed[1] = false };
#endif
#ifdef NOEVICT                                  /* until something has changed */
    (position + least <= limit || ((!GATES(0) || cursor[0] + C > limit) && (!GATES(1) || cursor[1] + C > limit)));
#endif
    if
    :: atomic { position + least <= limit } goto write
    :: atomic { position + least > limit } goto try
    fi;

evict:
    do
    :: atomic { k < SLOTS && !GATES(k) -> k++ }
    :: atomic { k < SLOTS && GATES(k) -> g = generation[k] };
       if
       :: atomic { !BEHIND(LOOK(k)) || !UNMOVED(LOOK(k)) -> k++; g = 0 }
       :: atomic { BEHIND(LOOK(k)) && UNMOVED(LOOK(k)) };
          atomic {
              if
#ifdef LATEMARK
              :: SAME(k, ACTIVE, g) -> doomed[k] = true
#else
              :: SAME(k, ACTIVE, g) -> mark(k)
#endif
              :: else
              fi;
              k++; g = 0 }
       fi
    :: atomic { k == SLOTS -> k = 0; tried = true; ended = false; late[0] = false; late[1] = false } break
    od;
#ifdef NOSCAN
    limit = position + C; blocked = false; blockedLimit = 0;
    goto raise;
#else
    goto scan;
#endif

write:
    atomic { f = false; s = false; i = true; tried = false };
#ifdef LATEINTENT
    i = (limit <= intent);
#endif
    do                                          /* the plain stores, in whatever order */
    :: !f -> atomic { first[position % C] = position; f = true }
    :: !s -> atomic { second[position % C] = position; s = true }
    :: !i -> atomic { intent = limit; i = true }
    :: atomic { f && s && i -> f = false; s = false; i = false } break
    od;
    atomic { stamp[position % C] = position + 1; position++; tail = position; least-- };    /* release */
    if
    :: atomic { least > 0 } goto write
    :: atomic { least == 0 } goto try
    fi;
done:
    atomic { limit = 0; least = 0; blocked = false; blockedLimit = 0; held[0] = false; held[1] = false }
}

#define MAY (me != 0 || !stalled)
#ifdef FREEONEVICT
#define ISEVICTED(k) (state[k] != ACTIVE || generation[k] != g)
#else
#define ISEVICTED(k) (state[k] == EVICTED && generation[k] == g)
#endif

inline release(p) {
    assert(owner[k] == me);
    cursor[k] = p;
    held[k] = held[k] && ended                  /* later is too late */
}

inline claim() {
#ifndef FREEONEVICT
    assert(owner[k] == NOBODY);
#endif
    g = generation[k] + 1; generation[k] = g; state[k] = JOINING; owner[k] = me;
    confirmed[k] = false; held[k] = false; late[k] = false
}

inline believe(x, y) {
    assert(x == due && y == due);
    due++; a = 0; b = 0
}

proctype Subscriber(byte me; byte k) {
    byte g = 1, p, due, a, b;                   /* p: its position; due: the next message, as an observer knows it */

    if
    :: atomic { me < SLOTS } goto poll
    :: atomic { me >= SLOTS && state[0] == FREE -> k = 0; claim() }
    :: atomic { me >= SLOTS && state[1] == FREE -> k = 1; claim() }
    fi;
join:
    atomic { release(tail) };
    atomic { assert(SAME(k, JOINING, g)); state[k] = ACTIVE };
    atomic { p = tail; release(p) };
    if
    :: atomic { SAME(k, ACTIVE, g) -> g++; generation[k] = g; confirmed[k] = true }
    :: atomic { SAME(k, EVICTED, g) -> g++; generation[k] = g; state[k] = JOINING; p = 0 } goto join
#ifdef FREEONEVICT
    :: atomic { !SAME(k, ACTIVE, g) } goto leave
#endif
    fi;
    due = p;

poll:
#ifndef NOTOLD
    if
    :: atomic { MAY && ISEVICTED(k) } goto leave
    :: atomic { MAY && !ISEVICTED(k) }
    fi;
#endif
    if
    :: atomic { MAY && p == N } goto leave
    :: atomic { me == 1 && p == 0 } goto leave                          /* cancelled */
    :: atomic { MAY && p < N && stamp[p % C] == p + 1 }
    :: atomic { MAY && p < N && stamp[p % C] != p + 1 && intent > p + C } goto lapped
#ifndef NOTOLD
    :: atomic { MAY && p < N && stamp[p % C] != p + 1 && intent <= p + C && ISEVICTED(k) } goto leave        /* at a later poll */
#endif
    fi;
#ifdef EARLYRELEASE
    atomic { MAY -> release(p + 1) };
#endif
    atomic { MAY -> a = first[p % C] };
    atomic { MAY -> b = second[p % C] };
#ifdef NOLOOK
    atomic { MAY -> believe(a, b) };
#else
    if
    :: atomic { MAY && intent <= p + C -> believe(a, b) }
    :: atomic { MAY && intent > p + C -> a = 0; b = 0 } goto lapped
    fi;
#endif
#ifdef INPLACE
    atomic { MAY -> assert(first[p % C] == p && second[p % C] == p) };  /* a decoder reads more than once */
#endif
    atomic { MAY -> p++
#ifndef EARLYRELEASE
             ; release(p)
#endif
           };
    goto poll;

lapped:
    atomic { MAY -> assert(ISEVICTED(k)) };
#ifdef NOTOLD
    atomic { MAY -> p = tail };
    goto poll;
#endif

leave:                                          /* at the end, cancelled, or with the error that says that it was evicted */
    atomic { MAY ->
        if
        :: SAME(k, ACTIVE, g) -> state[k] = FREE; owner[k] = NOBODY; confirmed[k] = false; held[k] = false; late[k] = false
        :: SAME(k, EVICTED, g) -> state[k] = FREE; owner[k] = NOBODY; confirmed[k] = false; held[k] = false; late[k] = false
#ifndef FREEONEVICT
        :: else -> assert(false)
#else
        :: else
#endif
        fi;
        gone++; p = 0; due = 0; g = 0; k = 0 }
}

proctype Staller() {
    if
    :: atomic { owner[0] == 0 -> stalled = true }
    :: owner[0] != 0
    fi;
    timeout -> assert(tail == N && gone >= SLOTS);      /* nobody else waits for it */
    stalled = false
}

init {
    atomic {
        state[0] = ACTIVE; generation[0] = 1; owner[0] = 0; confirmed[0] = true;
        state[1] = ACTIVE; generation[1] = 1; owner[1] = 1; confirmed[1] = true;
        run Publisher(); run Staller(); run Subscriber(0, 0); run Subscriber(1, 1); run Subscriber(2, 0)
    }
}
