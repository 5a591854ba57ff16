"""A keyed permutation of all numbers of so many digits: FF1 of NIST SP 800-38G, over AES.

Many numbers go through together, one call of AES a round, so that a million codes are minted in seconds; one alone goes
the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

ROUNDS = 10
BLOCK = 16


class Permutation:
    """FF1 under one key: numbers below ``radix ** length`` to such numbers. ``key`` is of 16, 24 or 32 bytes.

    Raises ValueError where half of the digits need more than 12 bytes, for which a round would take more of AES.
    """

    def __init__(self, key: bytes, *, radix: int, length: int, tweak: bytes = b"") -> None:
        # An application starts without it: 20 ms.
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        upper, lower = radix ** (length // 2), radix ** (length - length // 2)
        size = ((lower - 1).bit_length() + 7) // 8
        if size > BLOCK - 4:
            raise ValueError(f"half of {length} digits to the base {radix} are {size} bytes")
        self._aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        self._one_at_a_time = Lock()
        """Two threads in one cipher raise RuntimeError."""
        self._lower = lower
        self._taken = 4 * ((size + 3) // 4) + 4
        """Bytes of a block that a round adds."""
        about = (1, 2, 1, *radix.to_bytes(3, "big"), ROUNDS, length // 2 % 256, *length.to_bytes(4, "big"))
        padding = bytes((-len(tweak) - size - 1) % BLOCK)
        fixed = bytes(about) + len(tweak).to_bytes(4, "big") + tweak + padding + bytes(1 + size)
        chained = 0
        for start in range(0, len(fixed) - BLOCK, BLOCK):
            chained ^= int.from_bytes(fixed[start : start + BLOCK], "big")
            chained = int.from_bytes(self._aes.update(chained.to_bytes(BLOCK, "big")), "big")
        chained ^= int.from_bytes(fixed[-BLOCK:], "big")
        self._rounds = [(chained ^ n << 8 * size, lower if n % 2 else upper) for n in range(ROUNDS)]
        """Of each, its last block but for the half that goes into it, and where its sum wraps."""

    def forward(self, numbers: Sequence[int]) -> list[int]:
        """Each number's image."""
        left, right = [n // self._lower for n in numbers], [n % self._lower for n in numbers]
        left, right = self._mixed(left, right, self._rounds, 1)
        return [a * self._lower + b for a, b in zip(left, right, strict=True)]

    def back(self, numbers: Sequence[int]) -> list[int]:
        """The numbers whose images these are."""
        left, right = [n // self._lower for n in numbers], [n % self._lower for n in numbers]
        right, left = self._mixed(right, left, reversed(self._rounds), -1)
        return [a * self._lower + b for a, b in zip(left, right, strict=True)]

    def _mixed(
        self, ones: list[int], others: list[int], rounds: Iterable[tuple[int, int]], sign: int
    ) -> tuple[list[int], list[int]]:
        taken, update = self._taken, self._aes.update
        with self._one_at_a_time:
            for block, modulus in rounds:
                blocks = update(b"".join([(block ^ half).to_bytes(BLOCK, "big") for half in others]))
                ones, others = (
                    others,
                    [
                        (half + sign * int.from_bytes(blocks[BLOCK * n : BLOCK * n + taken], "big")) % modulus
                        for n, half in enumerate(ones)
                    ],
                )
        return ones, others
