import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Button, Card, ConfigProvider, DatePicker, Drawer, Flex, Form, Input, Layout, Menu, Modal, Progress, Select, Steps, Switch, Table, Tag, Tree, theme } from 'antd';

const CREW = ['Ada', 'Grace', 'Edith', 'Mary', 'Hedy', 'Katherine'].map((name, n) => ({ key: n, name, age: 30 + ((n * 7) % 20), role: ['mate', 'cook', 'engineer'][n % 3] }));
const COLUMNS = [
  { title: 'Name', dataIndex: 'name', sorter: (a, b) => a.name.localeCompare(b.name) },
  { title: 'Age', dataIndex: 'age', sorter: (a, b) => a.age - b.age },
  { title: 'Role', dataIndex: 'role', render: (role) => <Tag color={{ mate: 'blue', cook: 'green', engineer: 'volcano' }[role]}>{role}</Tag> },
];
const TREE = [{ title: 'Deck', key: 'deck', children: [{ title: 'Bow', key: 'bow' }, { title: 'Stern', key: 'stern' }] }];

function App() {
  const [dark, setDark] = useState(false);
  const [open, setOpen] = useState('');
  return (
    <ConfigProvider theme={{ algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm, token: { colorPrimary: '#0e7490' } }}>
      <Layout style={{ minHeight: 700 }}>
        <Layout.Header><Menu theme="dark" mode="horizontal" selectedKeys={['crew']} items={[{ key: 'crew', label: 'Crew' }, { key: 'ships', label: 'Ships' }]} /></Layout.Header>
        <Layout.Content style={{ padding: 16 }}>
          <Steps size="small" current={1} items={[{ title: 'Signed' }, { title: 'Aboard' }, { title: 'At sea' }]} />
          <Flex gap={16} style={{ marginTop: 16 }}>
            <Card style={{ flex: 2 }} title="Crew" extra={<Switch id="dark" onChange={setDark} />}><Table size="small" dataSource={CREW} columns={COLUMNS} rowSelection={{}} pagination={{ pageSize: 4 }} /></Card>
            <Card style={{ flex: 1 }}><Tree checkable treeData={TREE} /><Progress percent={60} /><Form layout="vertical"><Form.Item label="Harbour"><Select id="harbour" options={[{ value: 'north', label: 'North' }, { value: 'south', label: 'South' }]} /></Form.Item><Form.Item label="Note"><Input id="note" allowClear /></Form.Item><DatePicker /></Form><Button id="more" onClick={() => setOpen('drawer')}>More</Button> <Button id="ask" type="primary" onClick={() => setOpen('modal')}>Ask</Button></Card>
          </Flex>
        </Layout.Content>
      </Layout>
      <Drawer title="More of the crew" open={open === 'drawer'} onClose={() => setOpen('')}>Nobody else is aboard.</Drawer>
      <Modal title="Sail now?" open={open === 'modal'} onOk={() => setOpen('')} onCancel={() => setOpen('')}>The tide is right.</Modal>
    </ConfigProvider>
  );
}

createRoot(document.querySelector('#app')).render(<App />);
