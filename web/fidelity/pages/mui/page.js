import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  Accordion, AccordionDetails, AccordionSummary, Alert, AppBar, Button, Card, CardContent, Chip, CssBaseline, Dialog, DialogActions, DialogContent, DialogTitle,
  LinearProgress, MenuItem, Slider, Snackbar, Stack, Switch, Tab, Table, TableBody, TableCell, TableHead, TableRow, Tabs, TextField, ThemeProvider, Toolbar, Typography, createTheme,
} from '@mui/material';

const DUES = [['Aurora', 120], ['Tern', 45], ['Gannet', 310]];

function App() {
  const [dark, setDark] = useState(false);
  const [tab, setTab] = useState(0);
  const [open, setOpen] = useState(false);
  const [told, setTold] = useState(false);
  const [weight, setWeight] = useState(30);
  return (
    <ThemeProvider theme={createTheme({ palette: { mode: dark ? 'dark' : 'light', primary: { main: '#0e7490' } } })}>
      <CssBaseline />
      <AppBar position="sticky"><Toolbar><Typography variant="h6" sx={{ flexGrow: 1 }}>Harbour dues</Typography><Switch id="dark" color="default" onChange={(event) => setDark(event.target.checked)} /></Toolbar></AppBar>
      <Tabs value={tab} onChange={(_, value) => setTab(value)}><Tab label="Dues" /><Tab label="Reckoning" id="reckoning" /></Tabs>
      <Stack spacing={2} sx={{ p: 3, maxWidth: 720 }}>
        {tab === 0 ? (
          <Card><CardContent><Table size="small"><TableHead><TableRow><TableCell>Ship</TableCell><TableCell align="right">Dues</TableCell></TableRow></TableHead><TableBody>{DUES.map(([name, sum]) => <TableRow key={name} hover><TableCell>{name} {sum > 100 ? <Chip size="small" color="warning" label="large" /> : null}</TableCell><TableCell align="right">{sum}</TableCell></TableRow>)}</TableBody></Table></CardContent></Card>
        ) : (
          <>
            <TextField label="Ship" id="ship" helperText="As painted on the bow" /><TextField select label="Quay" defaultValue="north"><MenuItem value="north">North</MenuItem><MenuItem value="south">South</MenuItem></TextField>
            <Slider value={weight} onChange={(_, value) => setWeight(value)} valueLabelDisplay="on" /><LinearProgress variant="determinate" value={weight} />
          </>
        )}
        <Accordion><AccordionSummary id="why">Why are there dues?</AccordionSummary><AccordionDetails>The lights and the dredging are paid from them.</AccordionDetails></Accordion>
        <Button variant="contained" id="pay" onClick={() => setOpen(true)}>Pay</Button>
      </Stack>
      <Dialog open={open} onClose={() => setOpen(false)}><DialogTitle>Pay all dues?</DialogTitle><DialogContent>They are 475 together.</DialogContent><DialogActions><Button onClick={() => setOpen(false)}>No</Button><Button id="yes" onClick={() => { setOpen(false); setTold(true); }}>Yes</Button></DialogActions></Dialog>
      <Snackbar open={told}><Alert severity="success" variant="filled">Paid</Alert></Snackbar>
    </ThemeProvider>
  );
}

createRoot(document.querySelector('#app')).render(<App />);
