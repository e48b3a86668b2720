package io.reactiveipc.contract;

import org.junit.jupiter.api.Nested;

/** The contracts, in a directory, with sockets. */
class SharedMemoryTest {
    @Nested
    class Delivery extends DeliveryContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Emit extends EmitContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class End extends EndContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Fusion extends FusionContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Lease extends LeaseContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Queue extends QueueContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Receive extends ReceiveContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Send extends SendContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Signal extends SignalContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }

    @Nested
    class Peers extends ControlPlaneContract {
        @Override
        protected Transport open() {
            return Transport.directory();
        }
    }
}
