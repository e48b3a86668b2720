package io.reactiveipc.test.process;

/** Keeps more threads busy than there are processors, until it is killed. */
final class Busy {
    private Busy() {}

    public static void main(String[] arguments) {
        int threads = 2 * Runtime.getRuntime().availableProcessors() + 1;
        for (int i = 1; i < threads; i++) {
            new Thread(Busy::spin).start();
        }
        System.out.println("busy");
        spin();
    }

    private static void spin() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
