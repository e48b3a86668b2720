/* A source that is pulled in runs, and the poll loop that comes by in case it blocks in the middle of one: SYNC B3. The pulling thread offers what it
   pulled with a store that may stay in its store buffer, and does not fence before it looks whether it is still watched. It may block for good after
   any element. Then all it pulled must come to be written, however the watch ended.

   Each of these must fail:
   OFFDUTY    the poll loop does not look at the queue of a source that it has stopped watching
   NODRAIN    it stops watching without writing what it finds */
#define N 4

byte offered;                                   /* elements that others can see in the queue */
byte written;                                   /* of those, in the ring; changed inside the turnstile only */
bool unwatched = true;
bool blocked;                                   /* the source gives nothing more */
chan offers = [2] of { byte };

active proctype PullerStoreBuffer() {
    byte v;
end:
    do
    :: atomic { offers ? v -> offered = v; v = 0 }
    od
}

active proctype Puller() {
    byte pulled = 0;
    do
    :: pulled == N -> break
    :: pulled < N ->
        pulled++;
        offers ! pulled;
        if
        :: unwatched -> atomic { empty(offers) -> written = offered };          /* the turnstile drains the buffer */
            if
            :: true                                                             /* not quick enough */
            :: unwatched = false                                                /* from here on in runs */
            fi
        :: else ->
            if
            :: true                                                             /* in the middle of a run */
            :: atomic { empty(offers) -> written = offered }                    /* at its end */
            fi
        fi
    :: pulled > 0 -> break                                                      /* the source blocks */
    od;
    blocked = true
}

active proctype Loop() {
    byte visits = 0;
    bool emptied;
    do
    :: visits == 3 -> break
    :: visits < 3 ->
        if
        :: blocked && len(offers) == 0 -> visits++                             /* it will come by again and again */
        :: else
        fi;
        if
#ifdef OFFDUTY
        :: unwatched
#else
        :: unwatched && offered == written
#endif
        :: else ->
#ifdef NODRAIN
            emptied = true;
#else
            atomic { written = offered; emptied = true };
#endif
            if
            :: emptied -> unwatched = true
            fi
        fi
    od;
    assert(written == offered)
}
