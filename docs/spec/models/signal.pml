/* A signal's counter with two signallers, one of which may be killed anywhere, and a listener that sleeps without a time limit: SYNC S1 and S2. Each thread
   has a store buffer of the x86 kind; an atomic instruction and a fence drain it. What the listener counts is exact, and unless
   somebody was killed it does not sleep through a signal.

   Each of these must fail:
   PLAINADD   the count is loaded and stored instead of added to atomically
   NOFENCE    the listener does not fence between arming and its last look
   NOLOOK     the listener does not look once more after it armed
   LATECLEAR  a signaller clears the sleepers after it looked at the slot */
#define SIGNALS 2                               /* of each signaller */

byte count, sent;
bool armed, sleepers, bell;
byte alive = 2;                                 /* signallers that are not done */
bool killed;

/* The listener's buffered stores: armed, then sleepers. Signallers only store by atomic instructions. */
bool bufferedArmed, bufferedSleepers;

active proctype StoreBuffer() {
end:
    do
    :: atomic { bufferedArmed -> armed = true; bufferedArmed = false }
    :: atomic { bufferedSleepers && !bufferedArmed -> sleepers = true; bufferedSleepers = false }
    od
}

proctype Signaller(bool mortal) {
    byte i = 0, seen;
    bool ring = false;
    do
    :: i == SIGNALS -> break
    :: mortal -> killed = true; break
    :: i < SIGNALS ->
        i++;
#ifdef PLAINADD
        seen = count;
        atomic { count = seen + 1; sent++ };
#else
        atomic { count++; sent++ };
#endif
        if
        :: mortal -> killed = true; break
        :: sleepers ->
#ifndef LATECLEAR
            sleepers = false;
#endif
            if
            :: mortal -> killed = true; break
            :: atomic { armed -> ring = true; armed = false }
            :: !armed
            fi;
            if
            :: mortal -> killed = true; break
            :: ring -> bell = true; ring = false
            :: !ring
            fi;
#ifdef LATECLEAR
            sleepers = false
#endif
        :: !sleepers
        fi
    od;
    alive--
}

active proctype Listener() {
    byte given = 0;
    do
    :: given < count -> given = count
    :: given == count && alive == 0 && given == count -> break
    :: given == count && alive > 0 ->
        bufferedArmed = true;
        bufferedSleepers = true;
#ifndef NOFENCE
        (!bufferedArmed && !bufferedSleepers);
#endif
        if
#ifndef NOLOOK
        :: given < count
        :: given == count ->
#else
        :: true ->
#endif
            if
            :: bell -> bell = false
            :: killed -> skip                   /* the bounded sleep of the code: nobody rings in the place of a killed one */
            :: alive == 0 && !bell && !killed ->
                assert(given == count);         /* asleep, and nobody will ring any more */
                break
            fi
        fi
    od;
    assert(given == sent)
}

init {
    atomic { run Signaller(false); run Signaller(true) }
}
