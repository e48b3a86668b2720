/* One slot's word, [ generation | row | state ], each transition one CAS (atomic): SYNC R7. Subscribers of three processes, two of which have the same row one
   after the other; the publisher, who evicts; two reapers, who may dawdle between their proof and their CAS.
   The cursor is stored without a CAS: nobody but the slot's owner may do that.

   Each of these must fail:
   NOGEN       the CAS compares row and state only
   EVICTFREES  the publisher frees the slot instead of marking it EVICTED
   GUESS       a reaper goes by a silence, and not by the lock */
#define FREE 0
#define JOINING 1
#define ACTIVE 2
#define EVICTED 3
#define NOBODY 9

byte state = FREE, row = 0, generation = 0;     /* the word */
byte storedBy = NOBODY;                         /* whose cursor stands there */
bool alive[3];                                  /* by row: the lock is held */
byte owner = NOBODY;                            /* who is in the slot, as an observer of all processes knows it */
bool firstGone;

#ifdef NOGEN
#define SAME(s, r, g) (state == s && row == r)
#else
#define SAME(s, r, g) (state == s && row == r && generation == g)
#endif

proctype Subscriber(byte me; byte myRow) {
    byte g;
    bool mine = false;
    alive[myRow] = true;
    atomic {
        if
        :: state == FREE -> state = JOINING; row = myRow; generation++; g = generation; mine = true;
           assert(owner == NOBODY); owner = me
        :: else
        fi
    };
    if
    :: mine ->
        storedBy = me;
        atomic { assert(SAME(JOINING, myRow, g)); state = ACTIVE };
        if                                      /* reads on: a store into its cursor, which must still be its own */
        :: storedBy = me; assert(owner == me && row == myRow && generation == g && storedBy == me)
        :: skip
        fi;
        if
        :: atomic {                             /* leaves, or acknowledges the eviction */
               owner = NOBODY;
               if
               :: SAME(ACTIVE, myRow, g) -> state = FREE
               :: SAME(EVICTED, myRow, g) -> state = FREE
#ifndef EVICTFREES
               :: else -> assert(false)         /* nobody takes the slot of a living owner */
#else
               :: else
#endif
               fi
           }
        :: atomic { owner = NOBODY; alive[myRow] = false }      /* killed */
        fi
    :: else
    fi;
    alive[myRow] = false;
    if
    :: me == 1 -> firstGone = true
    :: else
    fi
}

proctype Publisher() {
    byte s, r, g;
end:
    do
    :: atomic { state == ACTIVE -> s = state; r = row; g = generation };        /* sees a cursor that makes no sense */
       atomic {
           if
#ifdef EVICTFREES
           :: SAME(s, r, g) -> state = FREE
#else
           :: SAME(s, r, g) -> state = EVICTED
#endif
           :: else
           fi
       }
    :: break
    od
}

proctype Reaper() {
    byte s, r, g;
end:
    do
    :: atomic { state != FREE -> s = state; r = row; g = generation };          /* the word first */
       if
#ifdef GUESS
       :: true ->
#else
       :: !alive[r] ->                                                          /* then the proof */
#endif
          atomic {
              if
              :: SAME(s, r, g) -> state = FREE; generation++
              :: else
              fi
          }
       :: else
       fi
    :: break
    od
}

init {
    atomic { run Publisher(); run Reaper(); run Reaper(); run Subscriber(1, 1); run Subscriber(2, 2) };
    firstGone -> run Subscriber(3, 1)           /* another process, in the row that became free */
}
