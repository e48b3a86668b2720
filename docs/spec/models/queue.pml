/* A publisher, a queue group whose members come, claim, finish, go, and may be killed anywhere, and a reaper: SYNC Q1 to Q4. Memory is sequentially consistent: what
   fences there are to see is in join.pml, as are the steps from a free slot to one that gates (ENTERING here: ACTIVE gates in the same way). A record is one message;
   message m lies where m + C will. A slot has one entry.
   Several reads are one step where what happens in between could make no difference: the claim word with the thing that it names (the code reads the word, the thing,
   and the word once more), and any word with the CAS that compares all of it. A member may be killed before each of its stores; to be killed before a read is the same
   as before the store that follows.

   What is asserted: a message is claimed once, delivered once (again, flagged, only by who adopted the slot that claimed it), and finished once; what is claimed and
   not finished is not overwritten, nor what a living group has not claimed; the group lives if and only if a join has been decided without its leave; and when all have
   gone, whatever was claimed is finished, or is HELD in a RETURNED slot for the next one who joins.

   As it is, one process is killed, or one joins for the second time. It also passes (in a minute) with two kills and a process that comes after them,
   -DEVENTS=3 -DKILLS=2 -DN=2 -DC=1 -DCLAIMED=2, and with three members that stay alive, -DM=3 -DEVENTS=0 -DN=2 -DC=1.

   Each of these takes one precaution away, and must fail:
   LATEENTRY   the entry is written after the claim word
   NOCONFIRM   nobody completes what another one decided
   LATECLAIM   a scan reads the claim word after the slots
   NORESCAN    a scan does not look whether a group has begun meanwhile
   BLINDEND    who leaves looks for others before it reads the claim word
   DEADTENT    who adopts a slot redelivers what is TENTATIVE too
   NOTAG       joins and leaves are not counted in the claim word, which may come back to what it was
   STALEREAP   the reaper goes by the state that it finds after completing, and not by the generation that was its dead process's */
#ifdef STALEREAP                                /* needs a kill and a process that comes after it; passes in this size otherwise */
#define EVENTS 2
#define N 2
#define C 1
#endif
#ifndef M
#define M 2                                     /* processes, and slots; or 3 */
#endif
#ifndef N
#define N 3                                     /* messages */
#endif
#ifndef CLAIMED
#define CLAIMED (N - 1)                         /* of which so many are claimed; the last one is there to overwrite the first */
#endif
#ifndef C
#define C 2                                     /* records in the ring */
#endif
#ifndef KILLS
#define KILLS 1                                 /* at most */
#endif
#ifndef LIVES
#define LIVES 1                                 /* joins beyond the first one of each process */
#endif
#ifndef EVENTS
#define EVENTS 1                                /* of the two together */
#endif

/* the slot's word: [ generation | row | state ] */
#define FREE 0
#define ENTERING 1                              /* gates by its cursor */
#define MEMBER 2
#define LEAVING 3
#define RETURNED 4
#define NOBODY 3
#define WORD(g, r, s) ((g) << 5 | (r) << 3 | (s))
#define STATE(w) ((w) & 7)
#define ROW(w) ((w) >> 3 & 3)
#define GENERATION(w) ((w) >> 5)
#define BECOMES(w, s) ((w) - STATE(w) + (s))
#define INSIDE(w) (STATE(w) >= MEMBER)

/* the claim word: [ changes | slot | operation | position ], where changes counts joins, leaves and ends */
#define NONE 0
#define JOIN 1
#define LEAVE 2
#define END 3
#define CLAIM 4
#ifdef NOTAG
#define NEXT(c, p, o, s) ((s) << 6 | (o) << 3 | (p))
#else
#define NEXT(c, p, o, s) ((CHANGES(c) + ((o) != CLAIM)) << 8 | (s) << 6 | (o) << 3 | (p))
#endif
#define CHANGES(c) ((c) >> 8)
#define POSITION(c) ((c) & 7)
#define OPERATION(c) ((c) >> 3 & 7)
#define SLOT(c) ((c) >> 6 & 3)
#define LIVING(c) (OPERATION(c) != NONE && OPERATION(c) != END)

/* an entry; 0 if it is not in use */
#define TENTATIVE(p) (((p) + 1) << 1)
#define HELD(p) (((p) + 1) << 1 | 1)
#define AT(e) (((e) >> 1) - 1)
#define ISHELD(e) ((e) & 1)

/* shared memory */
short claim;
short word[M];
byte cursor[M];
byte entry[M];
byte tail;

/* what an observer of all processes knows */
#define UNCLAIMED 0
#define FINISHED 9
byte status[N];                                 /* of a message: UNCLAIMED, 1 + the slot that claimed it, FINISHED */
bool seen[N];                                   /* delivered at least once */
bool within[M];                                 /* the slot's join has been decided, and no leave */
bool dead[M];                                   /* by row: its lock is free */
byte kills, lives, gone;

#define EMPTY (!within[0] && !within[1] && !within[M - 1])
#define ISOF(k, r) (STATE(word[k]) != FREE && ROW(word[k]) == r)
#define OWNS(r) (ISOF(0, r) || ISOF(1, r) || ISOF(M - 1, r))

#define TAKE(k) s = k; word[k] = WORD(GENERATION(word[k]) + 1, me, ENTERING); cursor[k] = tail

/* Reads the claim word, and the word or entry that it names, if that is to be completed. */
inline look() {
    c = claim;
#ifndef NOCONFIRM
    if
    :: OPERATION(c) == CLAIM && !ISHELD(entry[SLOT(c)]) && entry[SLOT(c)] != 0 && AT(entry[SLOT(c)]) < POSITION(c) -> w = entry[SLOT(c)]
    :: OPERATION(c) == JOIN && STATE(word[SLOT(c)]) == ENTERING -> w = word[SLOT(c)]
    :: (OPERATION(c) == LEAVE || OPERATION(c) == END) && STATE(word[SLOT(c)]) == LEAVING -> w = word[SLOT(c)]
    :: else
    fi
#endif
}

/* The CAS, if there is something to be completed. */
inline complete() {
    if
    :: OPERATION(c) == CLAIM && entry[SLOT(c)] == w -> entry[SLOT(c)] = w | 1
    :: OPERATION(c) == JOIN && word[SLOT(c)] == w -> word[SLOT(c)] = BECOMES(w, MEMBER); cursor[SLOT(c)] = 0
    :: (OPERATION(c) == LEAVE || OPERATION(c) == END) && word[SLOT(c)] == w -> word[SLOT(c)] = WORD(GENERATION(w), 0, FREE)
    :: else
    fi;
    w = 0
}

#define KILLED atomic { kills < KILLS && kills + lives < EVENTS -> kills++; dead[me] = true; x = 0; k = 0; c = 0; w = 0; others = false; s = 0 } goto again

inline deliver() {
    assert(status[AT(entry[s])] == 1 + s && !seen[AT(entry[s])] && tail <= AT(entry[s]) + C);
    seen[AT(entry[s])] = true
}

/* Again, with the flag: only what the owner before had claimed, and not finished. */
inline redeliver() {
    assert(status[AT(entry[x])] == 1 + x && tail <= AT(entry[x]) + C);
    seen[AT(entry[x])] = true
}

inline finish(k) {
    assert(status[AT(entry[k])] == 1 + k && tail <= AT(entry[k]) + C);
    status[AT(entry[k])] = FINISHED;
    entry[k] = 0
}

proctype Member(byte me) {
    byte s;                                     /* its slot */
    byte x;                                     /* the slot that leaves: its own, or one that it has adopted */
    short c, w;                                 /* the claim word as it was read, and what is to be completed */
    byte k;
    bool others;

    if
    :: atomic { STATE(word[me]) == FREE -> TAKE(me) }
    :: atomic { STATE(word[me]) != FREE } goto again        /* another process, which joins for the second time, took it */
    fi;
join:
    atomic { look() };
    if
    :: w == 0
    :: atomic { w != 0 -> complete() }
    :: KILLED
    fi;
    if
    :: atomic { claim == c ->
           k = POSITION(c);
           if
           :: !LIVING(c) && cursor[s] > k -> k = cursor[s]
           :: else
           fi;
           claim = NEXT(c, k, JOIN, s);
           assert(tail <= k + C);               /* it is still there */
           within[s] = true; c = 0; k = 0 }
    :: atomic { claim != c -> c = 0 } goto join
    :: KILLED
    fi;
    if
    :: atomic {
           if
           :: STATE(word[s]) == ENTERING -> word[s] = BECOMES(word[s], MEMBER); cursor[s] = 0
           :: else -> assert(STATE(word[s]) == MEMBER)
           fi }
    :: KILLED
    fi;

idle:
    if
    :: atomic { POSITION(claim) < tail && POSITION(claim) < CLAIMED -> look() } goto claims
    :: atomic { STATE(word[0]) == RETURNED -> x = 0; word[x] = WORD(GENERATION(word[x]) + 1, me, MEMBER) } goto adopted
    :: atomic { STATE(word[1]) == RETURNED -> x = 1; word[x] = WORD(GENERATION(word[x]) + 1, me, MEMBER) } goto adopted
#if M == 3
    :: atomic { STATE(word[2]) == RETURNED -> x = 2; word[x] = WORD(GENERATION(word[x]) + 1, me, MEMBER) } goto adopted
#endif
    :: atomic { x = s; word[x] = BECOMES(word[x], LEAVING) } goto leave
    :: KILLED
    fi;

claims:
    if
    :: w == 0
    :: atomic { w != 0 -> complete() }
    :: KILLED
    fi;
#ifndef LATEENTRY
    if
    :: atomic { entry[s] = TENTATIVE(POSITION(c)) }
    :: KILLED
    fi;
#endif
    if
    :: atomic { claim == c ->
           k = POSITION(c);
           claim = NEXT(c, k + 1, CLAIM, s);
           assert(LIVING(c) && status[k] == UNCLAIMED && tail <= k + C);
           status[k] = 1 + s; c = 0
#ifndef LATEENTRY
           ; k = 0
#endif
       }
    :: atomic { claim != c -> entry[s] = 0; c = 0 } goto idle
    :: KILLED
    fi;
    if
#ifdef LATEENTRY
    :: atomic { entry[s] = HELD(k); k = 0; deliver() }
#else
    :: atomic { entry[s] = entry[s] | 1; deliver() }        /* the CAS fails only if somebody has done it */
#endif
    :: KILLED
    fi;
    if
    :: atomic { finish(s) } goto idle
    :: KILLED
    fi;

adopted:
#ifdef DEADTENT
    if
    :: atomic { entry[x] != 0 -> redeliver() }
    :: atomic { entry[x] == 0 } goto taken
    fi;
#else
    if
    :: atomic { ISHELD(entry[x]) -> redeliver() }
    :: atomic { !ISHELD(entry[x]) } goto taken
    fi;
#endif
    if
    :: atomic { finish(x) }
    :: KILLED
    fi;
taken:                                          /* but for what is TENTATIVE, and goes with the slot */
    if
    :: atomic { entry[x] = 0; word[x] = BECOMES(word[x], LEAVING) }
    :: KILLED
    fi;

leave:
#ifndef BLINDEND
    atomic { look() };
    if
    :: w == 0
    :: atomic { w != 0 -> complete() }
    :: KILLED
    fi;
#endif
    do
    :: atomic { k < M && !others -> k = (k == x -> k + 1 : k); others = (k < M && INSIDE(word[k])); k = (k + 1 == x -> k + 2 : k + 1) }
    :: atomic { k >= M || others -> k = 0 } break
    od;
#ifdef BLINDEND
    atomic { look() };
    if
    :: w == 0
    :: atomic { w != 0 -> complete() }
    :: KILLED
    fi;
#endif
    if
    :: atomic { claim == c ->
           within[x] = false;
           if
           :: others -> claim = NEXT(c, POSITION(c), LEAVE, x); assert(!EMPTY)
           :: else -> claim = NEXT(c, POSITION(c), END, x); assert(EMPTY)
           fi;
           others = false; c = 0; w = word[x] }
    :: atomic { claim != c -> others = false; c = 0 } goto leave
    :: KILLED
    fi;
    if
    :: atomic {
           if
           :: word[x] == w -> word[x] = WORD(GENERATION(w), 0, FREE)
           :: else
           fi;
           w = 0 }
    :: KILLED
    fi;
    if
    :: atomic { x != s -> x = 0 } goto idle
    :: atomic { x == s -> x = 0 }
    fi;
again:                                          /* once more, in any free slot, or not */
    if
    :: atomic { lives < LIVES && kills + lives < EVENTS && STATE(word[0]) == FREE && !OWNS(me) -> lives++; dead[me] = false; TAKE(0) } goto join
    :: atomic { lives < LIVES && kills + lives < EVENTS && STATE(word[1]) == FREE && !OWNS(me) -> lives++; dead[me] = false; TAKE(1) } goto join
#if M == 3
    :: atomic { lives < LIVES && kills + lives < EVENTS && STATE(word[2]) == FREE && !OWNS(me) -> lives++; dead[me] = false; TAKE(2) } goto join
#endif
    :: atomic { gone++; s = 0 } goto end
    fi;
end: skip
}

/* A living group gates by its position. */
inline gate() {
    living = LIVING(c);
    if
    :: living && POSITION(c) < lowest -> lowest = POSITION(c)
    :: else
    fi;
    c = 0
}

active proctype Publisher() {
    byte limit = C, lowest, k;
    short c, w;
    bool living;
    do
    :: tail == N || gone == M -> break
    :: atomic { tail < N && tail < limit ->
           if
           :: tail >= C ->
               assert(status[tail - C] == UNCLAIMED || status[tail - C] == FINISHED);
               assert(!LIVING(claim) || tail - C < POSITION(claim))
           :: else
           fi;
           tail++ }
    :: atomic { tail < N && tail == limit && gone < M -> limit = 0 };           /* the scan */
scan:
#ifndef LATECLAIM
        atomic { lowest = tail; k = 0; look() };
        if
        :: atomic { w == 0 -> gate() }
        :: atomic { w != 0 -> complete(); gate() }
        fi;
#else
        lowest = tail;
#endif
        do
        :: atomic { k < M ->
               if
               :: STATE(word[k]) == ENTERING && cursor[k] < lowest -> lowest = cursor[k]
               :: INSIDE(word[k]) && ISHELD(entry[k]) && AT(entry[k]) < lowest -> lowest = AT(entry[k])
               :: else
               fi;
               k++ }
#ifdef LATECLAIM
        :: atomic { k == M -> look() } break
        od;
        if
        :: atomic { w == 0 -> gate() }
        :: atomic { w != 0 -> complete(); gate() }
        fi;
        atomic { limit = lowest + C; lowest = 0; k = 0; living = false }
#else
#ifndef NORESCAN
        :: atomic { k == M && LIVING(claim) && !living } goto scan
        :: atomic { k == M && !(LIVING(claim) && !living) -> limit = lowest + C; lowest = 0; k = 0; living = false } break
#else
        :: atomic { k == M -> limit = lowest + C; lowest = 0; k = 0; living = false } break
#endif
        od
#endif
    od
}

/* The slot of a dead process, in generation g: it has not come in, or is returned. */
inline reap() {
#ifdef STALEREAP
    g = GENERATION(word[k]);
#endif
    if
    :: GENERATION(word[k]) == g && STATE(word[k]) == ENTERING -> assert(!within[k]); word[k] = WORD(g, 0, FREE); cursor[k] = 0
    :: GENERATION(word[k]) == g && INSIDE(word[k]) -> assert(within[k]); word[k] = WORD(g, NOBODY, RETURNED)
    :: else
    fi;
    k = 0; c = 0; g = 0
}

/* If the claim word names nothing that is to be completed, then nobody else changes the slot of a dead process, and all is one step. */
inline lookAndReap(n) {
    k = n; g = GENERATION(word[n]);
    look();
    if
    :: w == 0 -> reap()
    :: else
    fi
}

#define OFTHEDEAD(k) (STATE(word[k]) != FREE && STATE(word[k]) != RETURNED && dead[ROW(word[k])])

active proctype Reaper() {
    byte k, g;
    short c, w;
    do
    :: atomic { w == 0 && OFTHEDEAD(0) -> lookAndReap(0) }
    :: atomic { w == 0 && OFTHEDEAD(1) -> lookAndReap(1) }
#if M == 3
    :: atomic { w == 0 && OFTHEDEAD(2) -> lookAndReap(2) }
#endif
    :: atomic { w != 0 && c != 0 -> complete(); c = 0; w = 1 }
    :: atomic { w != 0 && c == 0 -> w = 0; reap() }
    :: atomic { w == 0 && gone == M && !OFTHEDEAD(0) && !OFTHEDEAD(1) && !OFTHEDEAD(M - 1) } break
    od;
    atomic {                                    /* what is left when all have gone */
        k = 0;
        do
        :: k == M -> break
        :: else -> assert(STATE(word[k]) == FREE || (STATE(word[k]) == RETURNED && within[k])); assert(STATE(word[k]) != FREE || !within[k]); k++
        od;
        assert(LIVING(claim) == !EMPTY);
        k = 0;
        do
        :: k == N -> break
        :: else ->
            assert(status[k] == UNCLAIMED || (status[k] == FINISHED && seen[k]) || (STATE(word[status[k] - 1]) == RETURNED && entry[status[k] - 1] == HELD(k)));
            k++
        od
    }
}

init {
    atomic {
        run Member(0); run Member(1);
#if M == 3
        run Member(2)
#endif
    }
}
