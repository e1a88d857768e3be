[inputs: ["*.ex"], line_length: 120]
