// finds: piped-download
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        stage('Tools') {
            sh '''
                curl -sSL https://get.example.com/install.sh | bash
                make
            '''
        }
    }
}
