"""Writes what programs work on into this folder, the same every time: data, a
field of numbers, a picture, a sound, aligned genes, proteins.
usage: inputs.py"""

import array
import math
import random
import struct

random.seed(1)


def save(name, data):
    with open(name, "wb") as file:
        file.write(data)


def picture(size):
    """Waves with grain: size * size pixels of three bytes, grey but for that."""
    grain = random.randbytes(3 * size * size)
    wave = [int(60 * math.sin(i * 0.02)) for i in range(size)]
    return bytes(100 + wave[i // 3 % size] + wave[i // 3 // size] // 2 + g % 32
                 for i, g in enumerate(grain))


def genes(count, length):
    kin = [[random.choice("ACGT") for _ in range(length)]]
    for number in range(count):
        child = list(random.choice(kin))
        for _ in range(length // 30):
            child[random.randrange(length)] = random.choice("ACGT")
        kin.append(child)
        yield ">gene%d\n%s\n" % (number, "".join(child))


def proteins(count, length):
    for number in range(count):
        letters = random.choices("ACDEFGHIKLMNPQRSTVWY", k=length)
        yield ">protein%d\n%s\n" % (number, "".join(letters))


save("data", random.randbytes(24 << 20))
save("field", array.array("f", (math.sin(i * 1e-3) + i % 977 * 1e-4
                                for i in range(200 ** 3))).tobytes())
save("picture.ppm", b"P6\n1200 1200\n255\n" + picture(1200))
save("small.ppm", b"P6\n500 500\n255\n" + picture(500))
samples = array.array("h", (int(9000 * math.sin(i * i * 1e-7) + random.random() * 999)
                            for i in range(2 * 44100 * 20)))
save("sound.wav", b"RIFF" + struct.pack("<I", 36 + 2 * len(samples)) + b"WAVEfmt "
     + struct.pack("<IHHIIHH", 16, 1, 2, 44100, 4 * 44100, 4, 16)
     + b"data" + struct.pack("<I", 2 * len(samples)) + samples.tobytes())
save("genes", "".join(genes(110, 600)).encode())
save("proteins", "".join(proteins(9000, 250)).encode())
