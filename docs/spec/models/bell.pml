/* A ring with a reader that sleeps without a time limit, and a writer that rings if it finds it armed: SYNC D1; D2 is the same with the roles changed. The
   writer has a store buffer of the x86 kind, and does not fence between its stamp and its look at the sleepers. The reader fences, and pauses for as
   long as a store stays in such a buffer, which is what the model takes on trust (in the code, a bounded sleep does not have to).

   Each of these must fail:
   NOPAUSE    the reader does not wait for the writer's stores
   NOLOOK     the reader does not look once more after it armed
   LATECLEAR  the writer clears the sleepers after it looked at the slots
   LATEFORGET the reader forgets the ring that ended its last sleep only when it has looked */
#define N 3

byte stamped;                                   /* records committed */
bool armed, sleepers, bell;
chan writes = [2] of { byte };

active proctype WriterStoreBuffer() {
    byte v;
end:
    do
    :: atomic { writes ? v -> stamped = v; v = 0 }
    od
}

active proctype Writer() {
    byte position = 0;
    bool ring = false;
    do
    :: position == N -> break
    :: position < N ->
        position++;
        writes ! position;
        if
        :: sleepers ->
#ifndef LATECLEAR
            atomic { empty(writes) -> sleepers = false };       /* an atomic swap drains the buffer */
#endif
            if
            :: armed -> atomic { empty(writes) -> ring = armed; armed = false }
            :: else
            fi;
            if
            :: ring -> bell = true; ring = false
            :: else
            fi;
#ifdef LATECLEAR
            atomic { empty(writes) -> sleepers = false }
#endif
        :: else
        fi
    od
}

active proctype Reader() {
    byte position = 0;
    do
    :: position == N -> break
    :: position < N ->
        if
        :: stamped > position -> position++
        :: else ->
#ifndef LATEFORGET
            bell = false;
#endif
            armed = true;
            sleepers = true;
#ifndef NOPAUSE
            empty(writes);
#endif
#ifndef NOLOOK
            if
            :: stamped > position
            :: else ->
#ifdef LATEFORGET
                bell = false;
#endif
                bell                            /* forgotten before the next arming: what there is to do comes first */
            fi
#else
            bell
#endif
        fi
    od
}
