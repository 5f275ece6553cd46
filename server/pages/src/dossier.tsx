export const DossierScreen = ({ code }: { code: string }) => <h1>{code}</h1>;
