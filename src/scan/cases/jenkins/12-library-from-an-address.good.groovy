// --- Jenkinsfile
library identifier: 'tools@9fceb02d0ae598e95dc970b74767f19372d61af8', retriever: modernSCM([
    $class: 'GitSCMSource',
    remote: 'https://git.example.com/tools/pipeline.git'
])

timeout(30) {
    node('linux') {
        stage('Build') { sh 'make' }
    }
}
