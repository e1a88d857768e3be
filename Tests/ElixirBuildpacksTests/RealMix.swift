import Testing

/// The tests that run mix: one after the other, because each takes all the machine has.
@Suite(.serialized)
enum RealMix {}
