/* A node's row, claimed under its kernel lock, which the kernel drops when the process dies; and a slot that names the row: SYNC N1, R7.
   Two processes, each with a second incarnation, die at any step; the publisher's patrol frees slots of the dead without holding the lock.

   Each of these must fail:
   NOCLEAN    a new owner does not clear away before it is LIVE
   NOSLOTGEN  the patrol's CAS compares the row only
   LATEWORD   the word says LIVE before the uuid is there */
#define FREE 0
#define LIVE 1
#define REAPING 2
#define NOBODY 0

byte lock = NOBODY;
byte word = FREE;
byte uuid = 0;                                  /* of the incarnation */
byte slotRow = 0, slotGeneration = 0;           /* slotRow 1: taken by a node of this row; 0: free */
byte holders = 0;                               /* living owners of the slot */
byte incarnations = 0;
byte liveUuid = 0;                              /* what a LIVE word must show */

proctype Node(byte id) {
    byte lives = 0, g = 0, me = 0;
    bool mine = false;
again:
    lives++;
    atomic { lock == NOBODY -> lock = id; incarnations++; me = incarnations };
#ifndef NOCLEAN
    if
    :: word != FREE ->
        word = REAPING;
        if :: goto killed :: skip fi;
        atomic { if :: slotRow == 1 -> slotRow = 0; slotGeneration++ :: else fi };
        if :: goto killed :: skip fi;
        word = FREE
    :: else
    fi;
#endif
#ifdef LATEWORD
    atomic { word = LIVE; liveUuid = me };
    if :: goto killed :: skip fi;
    uuid = me;
#else
    uuid = me;
    if :: goto killed :: skip fi;
    atomic { word = LIVE; liveUuid = me };
#endif
    atomic {
        if
        :: slotRow == 0 -> slotRow = 1; slotGeneration++; g = slotGeneration; mine = true; holders++
        :: else -> mine = false
        fi
    };
    assert(mine);                               /* nothing of the last owner is left */
    if :: goto killed :: skip fi;
    assert(slotRow == 1 && slotGeneration == g && holders == 1);        /* nobody frees the slot of a living owner */
    atomic { slotRow = 0; holders--; mine = false };
    if :: goto killed :: skip fi;
    word = REAPING;
    word = FREE;
    atomic { lock = NOBODY };
    goto done;
killed:
    atomic { if :: mine -> holders--; mine = false :: else fi; lock = NOBODY };
    if
    :: lives < 2 -> goto again
    :: else
    fi;
done:
    skip
}

proctype Patrol() {
    byte r, g, looks = 0;
    do
    :: looks == 3 -> break
    :: looks < 3 ->
        looks++;
        atomic { r = slotRow; g = slotGeneration };
        if
        :: r == 1 && lock == NOBODY ->          /* the proof, by a shared lock that is let go of at once */
            atomic {
                if
#ifdef NOSLOTGEN
                :: slotRow == r -> slotRow = 0; slotGeneration++
#else
                :: slotRow == r && slotGeneration == g -> slotRow = 0; slotGeneration++
#endif
                :: else
                fi
            }
        :: else
        fi
    od
}

proctype Observer() {                           /* alive(row, uuid) of a subscriber: the word, then the uuid */
end:
    do
    :: atomic { word == LIVE -> assert(uuid == liveUuid) }
    :: break
    od
}

init {
    atomic { run Node(1); run Node(2); run Patrol(); run Observer() };
    _nr_pr == 1;
    assert(word != FREE || slotRow == 0)        /* a row left free has left nothing */
}
