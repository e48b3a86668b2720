/* A ring, its writer, one subscriber that joins, reads, and may be killed, and the reaper: SYNC R1 to R4, R8.
   Store buffers of the x86 kind; a CAS is taken for no more than a release store, which is all that the code relies on.
   A record is one cell; a cell holds payload and stamp. Stamp p + 1 stands for position p under the key, 0 for never written.
   C cells, of which R are kept for the end record. N records, then the end record, payload END.

   Each of these takes one precaution away, and must fail:
   NORELEASE     the stamp may become visible before its payload
   EARLYRELEASE  the cursor passes a record before it was read
   NOPFENCE      the writer does not fence between its tail and the scan
   NOSFENCE      the subscriber does not fence between ACTIVE and its second look at the tail
   NOREREAD      the subscriber does not look at the tail a second time
   LATETAIL      the writer does not publish its tail before a scan
   NOCAP         a scan in the first half may grant more than the first lap
   NORESERVE     no room is kept for the end record
   NOCONFIRM     the subscriber does not change its word a second time before it reads
   TIMEOUTREAP   the reaper frees the slot of a subscriber that is only slow
   NOREAP        nobody frees the slot of a dead subscriber */
#define C 4
#define HALF 2
#ifdef NORESERVE
#define R 0
#else
#define R 1
#endif
#ifndef N
#define N 7
#endif
#define END 99
#define NONE 255

#define FREE 0
#define JOINING 1
#define ACTIVE 2
#define CONFIRMED 3       /* ACTIVE in the next generation */
#define EVICTED 4

/* shared memory */
byte payload[C] = NONE;
byte stamp[C];
byte tail;
byte slotState = FREE;
byte cursor;

bool dead;

/* store buffers */
#define PAYLOAD 0
#define STAMP 1
#define TAIL 2
chan writes = [5] of { byte, byte, byte };      /* kind, position, value */
#define CURSOR 0
#define STATE 1
chan stores = [3] of { byte, byte };            /* kind, value */

active proctype WriterStoreBuffer() {
    byte kind, p, v;
end:
    do
    :: atomic { writes ? kind, p, v ->
           if
           :: kind == PAYLOAD -> payload[p % C] = v
           :: kind == STAMP -> stamp[p % C] = p + 1
           :: kind == TAIL -> tail = p
           fi; p = 0; v = 0; kind = 0 }
    od
}

active proctype SubscriberStoreBuffer() {
    byte kind, v;
end:
    do
    :: atomic { stores ? kind, v ->
           if
           :: kind == CURSOR -> cursor = v
           :: kind == STATE -> slotState = v
           fi; v = 0; kind = 0 }
    od
}

/* The first record of a batch gets its stamp last. */
inline commitBatch() {
    if
    :: batch != NONE -> writes ! STAMP, batch, 0; batch = NONE
    :: else
    fi
}

inline publishTail() {
    if
    :: published != position -> writes ! TAIL, position, 0; published = position
    :: else
    fi
}

inline record(v) {
#ifdef NORELEASE
    if
    :: batch == NONE -> writes ! STAMP, position, 0; writes ! PAYLOAD, position, v
    :: batch == NONE -> writes ! PAYLOAD, position, v; batch = position
    :: batch != NONE -> writes ! STAMP, position, 0; writes ! PAYLOAD, position, v
    fi;
#else
    writes ! PAYLOAD, position, v;
    if
    :: batch == NONE -> writes ! STAMP, position, 0
    :: batch == NONE && v != END -> batch = position
    :: batch != NONE -> writes ! STAMP, position, 0
    fi;
#endif
    position++
}

active proctype Writer() {
    byte position = 0, limit = C - R, batch = NONE, published = 0, slowest;
    do
    :: position < N && position < limit ->
        record(position);
        if                                      /* a batch ends now, or later */
        :: batch == NONE -> publishTail()
        :: batch != NONE -> commitBatch(); publishTail()
        :: batch != NONE
        fi
    :: position < N && limit - position < C - R ->      /* full, or a look ahead at how much room there is */
        commitBatch();
#ifndef LATETAIL
        publishTail();
#endif
#ifndef NOPFENCE
        empty(writes);
#endif
        do                                      /* the scan: the word, then its cursor */
        :: slotState == ACTIVE ->
            slowest = cursor;
            if
            :: slowest + C >= position -> break
            :: slowest + C < position ->        /* lapped, or garbage: evict, unless it has confirmed meanwhile */
                if
                :: atomic { slotState == ACTIVE -> slotState = EVICTED }
                :: atomic { slotState != ACTIVE -> skip }
                fi
            fi
        :: slotState == CONFIRMED -> slowest = cursor; assert(slowest + C >= position); break
        :: slotState != ACTIVE && slotState != CONFIRMED -> slowest = position; break
        od;
        limit = slowest + C - R;
#ifndef NOCAP
        if
        :: position <= HALF && limit > C - R -> limit = C - R
        :: else
        fi;
#endif
        if                                      /* still full: look again once something changed */
        :: position >= limit -> ((slotState != ACTIVE && slotState != CONFIRMED) || cursor != slowest)
        :: else
        fi;
        slowest = 0
    :: position <= N ->                         /* the end, at any time, without asking for room */
        commitBatch();
        record(END);
        publishTail();
        break
    od
}

active proctype Subscriber() {
    byte position, first, value;
    bool whole = false;
    slotState == FREE;
    stores ! STATE, JOINING;
join:
    whole = false;
    position = tail;
    if                                          /* from the first record, or from the tail */
    :: position <= HALF -> whole = true; position = 0
    :: true
    fi;
    stores ! CURSOR, position;
    stores ! STATE, ACTIVE;
#ifndef NOSFENCE
    empty(stores);
#endif
#ifndef NOREREAD
    first = tail;
    if
    :: whole && first <= HALF
    :: else -> position = first
    fi;
    stores ! CURSOR, position;
#endif
    empty(stores);                              /* what a CAS must see done before it, unlike a store */
#ifndef NOCONFIRM
    if
    :: atomic { slotState == ACTIVE -> slotState = CONFIRMED }
    :: atomic { slotState == EVICTED -> slotState = JOINING }; goto join
    :: atomic { slotState != ACTIVE && slotState != EVICTED -> goto end }       /* reaped: TIMEOUTREAP */
    fi;
#endif
    do
    :: stamp[position % C] == position + 1 ->
#ifdef EARLYRELEASE
        stores ! CURSOR, position + 1;
#endif
        value = payload[position % C];
        assert(value == position || value == END);
        if
        :: value == END -> break
        :: else
        fi;
        value = payload[position % C];          /* a decoder reads more than once */
        assert(value == position);
        position++;
#ifndef EARLYRELEASE
        stores ! CURSOR, position
#endif
    :: tail > position && stamp[position % C] != position + 1 ->    /* an audit */
        assert(stamp[position % C] == position + 1)
    :: empty(stores) -> dead = true; break      /* killed: what it stored gets out, and nothing more */
    od;
end: skip
}

active proctype Reaper() {
end:
#ifdef TIMEOUTREAP
    slotState == CONFIRMED -> slotState = FREE
#else
#ifndef NOREAP
    dead && (slotState == ACTIVE || slotState == CONFIRMED) -> slotState = FREE
#else
    false
#endif
#endif
}
