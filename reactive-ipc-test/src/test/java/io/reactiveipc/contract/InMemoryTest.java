package io.reactiveipc.contract;

import org.junit.jupiter.api.Nested;

/** The contracts, on an in-memory host. */
class InMemoryTest {
    @Nested
    class Delivery extends DeliveryContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Emit extends EmitContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class End extends EndContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Fusion extends FusionContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Lease extends LeaseContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Queue extends QueueContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Receive extends ReceiveContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Send extends SendContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Signal extends SignalContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }

    @Nested
    class Peers extends ControlPlaneContract {
        @Override
        protected Transport open() {
            return Transport.memory();
        }
    }
}
