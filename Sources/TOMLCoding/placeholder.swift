// TOMLCoding
